/*
 * Time zones of the machine's tzdata against answers of Spark, from the first local mean times to the far future, which
 * only the rule in a file's footer knows. Then ids, switches, the cache.
 */
#include "data_zone.h"
#include "fail_alloc.h"
#include "test_main.h"

typedef struct row {
    const char *zone;
    int64_t seconds, from_utc, to_utc; /* the instant as local time, and as local time read as an instant */
} row;

static const row rows[] = {
    {"America/New_York", INT64_C(48240533676), INT64_C(48240519276), INT64_C(48240548076)},
    {"America/New_York", INT64_C(1713398784), INT64_C(1713384384), INT64_C(1713413184)},
    {"America/New_York", INT64_C(58731053553), INT64_C(58731035553), INT64_C(58731071553)},
    {"America/New_York", INT64_C(1615771800), INT64_C(1615757400), INT64_C(1615786200)},
    {"America/New_York", INT64_C(3218116810), INT64_C(3218098810), INT64_C(3218134810)},
    {"America/New_York", INT64_C(989819411), INT64_C(989805011), INT64_C(989833811)},
    {"America/New_York", INT64_C(1519950600), INT64_C(1519932600), INT64_C(1519968600)},
    {"America/New_York", INT64_C(-467731208), INT64_C(-467749208), INT64_C(-467713208)},
    {"America/New_York", INT64_C(77362837536), INT64_C(77362823136), INT64_C(77362851936)},
    {"America/New_York", INT64_C(1822419046), INT64_C(1822404646), INT64_C(1822433446)},
    {"America/New_York", INT64_C(1523673000), INT64_C(1523658600), INT64_C(1523687400)},
    {"America/New_York", INT64_C(1630891800), INT64_C(1630877400), INT64_C(1630906200)},
    {"America/New_York", INT64_C(103861800), INT64_C(103843800), INT64_C(103879800)},
    {"America/New_York", INT64_C(-57987252388), INT64_C(-57987270150), INT64_C(-57987234626)},
    {"Europe/Berlin", INT64_C(-1320080905), INT64_C(-1320077305), INT64_C(-1320084505)},
    {"Europe/Berlin", INT64_C(1241547121), INT64_C(1241554321), INT64_C(1241539921)},
    {"Europe/Berlin", INT64_C(2561596200), INT64_C(2561599800), INT64_C(2561592600)},
    {"Europe/Berlin", INT64_C(2766237839), INT64_C(2766245039), INT64_C(2766230639)},
    {"Europe/Berlin", INT64_C(40147482019), INT64_C(40147485619), INT64_C(40147478419)},
    {"Europe/Berlin", INT64_C(2662060103), INT64_C(2662067303), INT64_C(2662052903)},
    {"Europe/Berlin", INT64_C(1134809895), INT64_C(1134813495), INT64_C(1134806295)},
    {"Europe/Berlin", INT64_C(90325828483), INT64_C(90325835683), INT64_C(90325821283)},
    {"Europe/Berlin", INT64_C(31680962705), INT64_C(31680966305), INT64_C(31680959105)},
    {"Europe/Berlin", INT64_C(-33071248694), INT64_C(-33071245486), INT64_C(-33071251902)},
    {"Europe/Berlin", INT64_C(-58214034802), INT64_C(-58214031594), INT64_C(-58214038010)},
    {"Europe/Berlin", INT64_C(1542846600), INT64_C(1542850200), INT64_C(1542843000)},
    {"Europe/Berlin", INT64_C(98184635016), INT64_C(98184642216), INT64_C(98184627816)},
    {"Europe/Berlin", INT64_C(685341000), INT64_C(685348200), INT64_C(685333800)},
    {"Asia/Kolkata", INT64_C(28009800), INT64_C(28029600), INT64_C(27990000)},
    {"Asia/Kolkata", INT64_C(1048833000), INT64_C(1048852800), INT64_C(1048813200)},
    {"Asia/Kolkata", INT64_C(1906367436), INT64_C(1906387236), INT64_C(1906347636)},
    {"Asia/Kolkata", INT64_C(-1815135469), INT64_C(-1815115669), INT64_C(-1815155269)},
    {"Asia/Kolkata", INT64_C(-58243634771), INT64_C(-58243613563), INT64_C(-58243655979)},
    {"Asia/Kolkata", INT64_C(28869750843), INT64_C(28869770643), INT64_C(28869731043)},
    {"Asia/Kolkata", INT64_C(2094605516), INT64_C(2094625316), INT64_C(2094585716)},
    {"Asia/Kolkata", INT64_C(1998016200), INT64_C(1998036000), INT64_C(1997996400)},
    {"Asia/Kolkata", INT64_C(2526178369), INT64_C(2526198169), INT64_C(2526158569)},
    {"Asia/Kolkata", INT64_C(73080187266), INT64_C(73080207066), INT64_C(73080167466)},
    {"Asia/Kolkata", INT64_C(860805000), INT64_C(860824800), INT64_C(860785200)},
    {"Asia/Kolkata", INT64_C(-52238078333), INT64_C(-52238057125), INT64_C(-52238099541)},
    {"Asia/Kolkata", INT64_C(575861400), INT64_C(575881200), INT64_C(575841600)},
    {"Asia/Kolkata", INT64_C(2205718200), INT64_C(2205738000), INT64_C(2205698400)},
    {"Australia/Lord_Howe", INT64_C(1736638336), INT64_C(1736677936), INT64_C(1736598736)},
    {"Australia/Lord_Howe", INT64_C(3434295181), INT64_C(3434334781), INT64_C(3434255581)},
    {"Australia/Lord_Howe", INT64_C(2755218600), INT64_C(2755256400), INT64_C(2755180800)},
    {"Australia/Lord_Howe", INT64_C(307175400), INT64_C(307211400), INT64_C(307139400)},
    {"Australia/Lord_Howe", INT64_C(1341428463), INT64_C(1341466263), INT64_C(1341390663)},
    {"Australia/Lord_Howe", INT64_C(-35491318704), INT64_C(-35491280524), INT64_C(-35491356884)},
    {"Australia/Lord_Howe", INT64_C(-17696337978), INT64_C(-17696299798), INT64_C(-17696376158)},
    {"Australia/Lord_Howe", INT64_C(38454930635), INT64_C(38454968435), INT64_C(38454892835)},
    {"Australia/Lord_Howe", INT64_C(-1144216200), INT64_C(-1144180200), INT64_C(-1144252200)},
    {"Australia/Lord_Howe", INT64_C(1429339711), INT64_C(1429377511), INT64_C(1429301911)},
    {"Australia/Lord_Howe", INT64_C(3001329692), INT64_C(3001369292), INT64_C(3001290092)},
    {"Australia/Lord_Howe", INT64_C(3500064974), INT64_C(3500104574), INT64_C(3500025374)},
    {"Australia/Lord_Howe", INT64_C(7522181037), INT64_C(7522218837), INT64_C(7522143237)},
    {"Australia/Lord_Howe", INT64_C(13021083837), INT64_C(13021121637), INT64_C(13021046037)},
    {"America/St_Johns", INT64_C(-3968506220), INT64_C(-3968518872), INT64_C(-3968493568)},
    {"America/St_Johns", INT64_C(-972367329), INT64_C(-972379929), INT64_C(-972354729)},
    {"America/St_Johns", INT64_C(1729906200), INT64_C(1729897200), INT64_C(1729915200)},
    {"America/St_Johns", INT64_C(1806021000), INT64_C(1806012000), INT64_C(1806030000)},
    {"America/St_Johns", INT64_C(4034090759), INT64_C(4034081759), INT64_C(4034099759)},
    {"America/St_Johns", INT64_C(2568064662), INT64_C(2568055662), INT64_C(2568073662)},
    {"America/St_Johns", INT64_C(713511493), INT64_C(713502493), INT64_C(713520493)},
    {"America/St_Johns", INT64_C(384748200), INT64_C(384735600), INT64_C(384760800)},
    {"America/St_Johns", INT64_C(2694080722), INT64_C(2694071722), INT64_C(2694089722)},
    {"America/St_Johns", INT64_C(2965687299), INT64_C(2965674699), INT64_C(2965699899)},
    {"America/St_Johns", INT64_C(-2513274737), INT64_C(-2513287389), INT64_C(-2513262085)},
    {"America/St_Johns", INT64_C(683944200), INT64_C(683935200), INT64_C(683953200)},
    {"America/St_Johns", INT64_C(480573000), INT64_C(480560400), INT64_C(480585600)},
    {"America/St_Johns", INT64_C(1977909622), INT64_C(1977900622), INT64_C(1977918622)},
    {"Europe/London", INT64_C(2579272873), INT64_C(2579276473), INT64_C(2579269273)},
    {"Europe/London", INT64_C(1381789536), INT64_C(1381793136), INT64_C(1381785936)},
    {"Europe/London", INT64_C(1079005484), INT64_C(1079005484), INT64_C(1079005484)},
    {"Europe/London", INT64_C(1681922863), INT64_C(1681926463), INT64_C(1681919263)},
    {"Europe/London", INT64_C(2746155160), INT64_C(2746155160), INT64_C(2746155160)},
    {"Europe/London", INT64_C(2199767400), INT64_C(2199771000), INT64_C(2199763800)},
    {"Europe/London", INT64_C(1824658756), INT64_C(1824662356), INT64_C(1824655156)},
    {"Europe/London", INT64_C(3676308118), INT64_C(3676311718), INT64_C(3676304518)},
    {"Europe/London", INT64_C(1597524994), INT64_C(1597528594), INT64_C(1597521394)},
    {"Europe/London", INT64_C(1740684326), INT64_C(1740684326), INT64_C(1740684326)},
    {"Europe/London", INT64_C(77627135501), INT64_C(77627135501), INT64_C(77627135501)},
    {"Europe/London", INT64_C(-3123258000), INT64_C(-3123258000), INT64_C(-3123258000)},
    {"Europe/London", INT64_C(2771461800), INT64_C(2771461800), INT64_C(2771461800)},
    {"Europe/London", INT64_C(499387580), INT64_C(499387580), INT64_C(499387580)},
    {"Pacific/Chatham", INT64_C(4822541177), INT64_C(4822590677), INT64_C(4822491677)},
    {"Pacific/Chatham", INT64_C(306556200), INT64_C(306602100), INT64_C(306510300)},
    {"Pacific/Chatham", INT64_C(-1429836141), INT64_C(-1429792041), INT64_C(-1429880241)},
    {"Pacific/Chatham", INT64_C(-21583024329), INT64_C(-21582980301), INT64_C(-21583068357)},
    {"Pacific/Chatham", INT64_C(1710985633), INT64_C(1711035133), INT64_C(1710936133)},
    {"Pacific/Chatham", INT64_C(2932414976), INT64_C(2932464476), INT64_C(2932365476)},
    {"Pacific/Chatham", INT64_C(1553716132), INT64_C(1553765632), INT64_C(1553666632)},
    {"Pacific/Chatham", INT64_C(1188867774), INT64_C(1188913674), INT64_C(1188821874)},
    {"Pacific/Chatham", INT64_C(1072480917), INT64_C(1072530417), INT64_C(1072431417)},
    {"Pacific/Chatham", INT64_C(35286816412), INT64_C(35286865912), INT64_C(35286766912)},
    {"Pacific/Chatham", INT64_C(1373368730), INT64_C(1373414630), INT64_C(1373322830)},
    {"Pacific/Chatham", INT64_C(-8287212257), INT64_C(-8287168229), INT64_C(-8287256285)},
    {"Pacific/Chatham", INT64_C(1333243800), INT64_C(1333289700), INT64_C(1333194300)},
    {"Pacific/Chatham", INT64_C(2484174600), INT64_C(2484220500), INT64_C(2484128700)},
    {"Asia/Pyongyang", INT64_C(1313828982), INT64_C(1313861382), INT64_C(1313796582)},
    {"Asia/Pyongyang", INT64_C(1601172239), INT64_C(1601204639), INT64_C(1601139839)},
    {"Asia/Pyongyang", INT64_C(2203828200), INT64_C(2203860600), INT64_C(2203795800)},
    {"Asia/Pyongyang", INT64_C(29330572850), INT64_C(29330605250), INT64_C(29330540450)},
    {"Asia/Pyongyang", INT64_C(766650600), INT64_C(766683000), INT64_C(766618200)},
    {"Asia/Pyongyang", INT64_C(67257471327), INT64_C(67257503727), INT64_C(67257438927)},
    {"Asia/Pyongyang", INT64_C(-45156111584), INT64_C(-45156081404), INT64_C(-45156141764)},
    {"Asia/Pyongyang", INT64_C(873851400), INT64_C(873883800), INT64_C(873819000)},
    {"Asia/Pyongyang", INT64_C(-2115399156), INT64_C(-2115368976), INT64_C(-2115429336)},
    {"Asia/Pyongyang", INT64_C(2486694600), INT64_C(2486727000), INT64_C(2486662200)},
    {"Asia/Pyongyang", INT64_C(2599366778), INT64_C(2599399178), INT64_C(2599334378)},
    {"Asia/Pyongyang", INT64_C(1953273085), INT64_C(1953305485), INT64_C(1953240685)},
    {"Asia/Pyongyang", INT64_C(-42778246601), INT64_C(-42778216421), INT64_C(-42778276781)},
    {"Asia/Pyongyang", INT64_C(480486600), INT64_C(480519000), INT64_C(480454200)},
    {"Etc/GMT+5", INT64_C(2677885507), INT64_C(2677867507), INT64_C(2677903507)},
    {"Etc/GMT+5", INT64_C(-746964380), INT64_C(-746982380), INT64_C(-746946380)},
    {"Etc/GMT+5", INT64_C(1237638934), INT64_C(1237620934), INT64_C(1237656934)},
    {"Etc/GMT+5", INT64_C(4489638990), INT64_C(4489620990), INT64_C(4489656990)},
    {"Etc/GMT+5", INT64_C(1427990663), INT64_C(1427972663), INT64_C(1428008663)},
    {"Etc/GMT+5", INT64_C(22184559266), INT64_C(22184541266), INT64_C(22184577266)},
    {"Etc/GMT+5", INT64_C(1441164600), INT64_C(1441146600), INT64_C(1441182600)},
    {"Etc/GMT+5", INT64_C(55538514475), INT64_C(55538496475), INT64_C(55538532475)},
    {"Etc/GMT+5", INT64_C(-1806884239), INT64_C(-1806902239), INT64_C(-1806866239)},
    {"Etc/GMT+5", INT64_C(1902616200), INT64_C(1902598200), INT64_C(1902634200)},
    {"Etc/GMT+5", INT64_C(962326943), INT64_C(962308943), INT64_C(962344943)},
    {"Etc/GMT+5", INT64_C(2433835330), INT64_C(2433817330), INT64_C(2433853330)},
    {"Etc/GMT+5", INT64_C(357243887), INT64_C(357225887), INT64_C(357261887)},
    {"Etc/GMT+5", INT64_C(3569466286), INT64_C(3569448286), INT64_C(3569484286)},
    {"UTC", INT64_C(13259299783), INT64_C(13259299783), INT64_C(13259299783)},
    {"UTC", INT64_C(1253928600), INT64_C(1253928600), INT64_C(1253928600)},
    {"UTC", INT64_C(2543299891), INT64_C(2543299891), INT64_C(2543299891)},
    {"UTC", INT64_C(3407562720), INT64_C(3407562720), INT64_C(3407562720)},
    {"UTC", INT64_C(937732271), INT64_C(937732271), INT64_C(937732271)},
    {"UTC", INT64_C(3231783531), INT64_C(3231783531), INT64_C(3231783531)},
    {"UTC", INT64_C(62979434198), INT64_C(62979434198), INT64_C(62979434198)},
    {"UTC", INT64_C(85891544034), INT64_C(85891544034), INT64_C(85891544034)},
    {"UTC", INT64_C(1785711948), INT64_C(1785711948), INT64_C(1785711948)},
    {"UTC", INT64_C(55426820775), INT64_C(55426820775), INT64_C(55426820775)},
    {"UTC", INT64_C(-1387301242), INT64_C(-1387301242), INT64_C(-1387301242)},
    {"UTC", INT64_C(34032392253), INT64_C(34032392253), INT64_C(34032392253)},
    {"UTC", INT64_C(75313728595), INT64_C(75313728595), INT64_C(75313728595)},
    {"UTC", INT64_C(1134204548), INT64_C(1134204548), INT64_C(1134204548)},
    {"+05:30", INT64_C(2478583989), INT64_C(2478603789), INT64_C(2478564189)},
    {"+05:30", INT64_C(2808310528), INT64_C(2808330328), INT64_C(2808290728)},
    {"+05:30", INT64_C(2104986600), INT64_C(2105006400), INT64_C(2104966800)},
    {"+05:30", INT64_C(64297534861), INT64_C(64297554661), INT64_C(64297515061)},
    {"+05:30", INT64_C(2812868446), INT64_C(2812888246), INT64_C(2812848646)},
    {"+05:30", INT64_C(1382489847), INT64_C(1382509647), INT64_C(1382470047)},
    {"+05:30", INT64_C(62715731757), INT64_C(62715751557), INT64_C(62715711957)},
    {"+05:30", INT64_C(-43209101559), INT64_C(-43209081759), INT64_C(-43209121359)},
    {"+05:30", INT64_C(859512600), INT64_C(859532400), INT64_C(859492800)},
    {"+05:30", INT64_C(-1529317793), INT64_C(-1529297993), INT64_C(-1529337593)},
    {"+05:30", INT64_C(1313352189), INT64_C(1313371989), INT64_C(1313332389)},
    {"+05:30", INT64_C(27344026500), INT64_C(27344046300), INT64_C(27344006700)},
    {"+05:30", INT64_C(2187334446), INT64_C(2187354246), INT64_C(2187314646)},
    {"+05:30", INT64_C(2259055736), INT64_C(2259075536), INT64_C(2259035936)},
    {"Europe/Dublin", INT64_C(875755800), INT64_C(875759400), INT64_C(875752200)},
    {"Europe/Dublin", INT64_C(2275493126), INT64_C(2275493126), INT64_C(2275493126)},
    {"Europe/Dublin", INT64_C(1524565540), INT64_C(1524569140), INT64_C(1524561940)},
    {"Europe/Dublin", INT64_C(2277200600), INT64_C(2277200600), INT64_C(2277200600)},
    {"Europe/Dublin", INT64_C(790270103), INT64_C(790270103), INT64_C(790270103)},
    {"Europe/Dublin", INT64_C(1145853000), INT64_C(1145856600), INT64_C(1145849400)},
    {"Europe/Dublin", INT64_C(1282137736), INT64_C(1282141336), INT64_C(1282134136)},
    {"Europe/Dublin", INT64_C(29321827788), INT64_C(29321827788), INT64_C(29321827788)},
    {"Europe/Dublin", INT64_C(2680297176), INT64_C(2680297176), INT64_C(2680297176)},
    {"Europe/Dublin", INT64_C(3293339853), INT64_C(3293343453), INT64_C(3293336253)},
    {"Europe/Dublin", INT64_C(2673743400), INT64_C(2673747000), INT64_C(2673739800)},
    {"Europe/Dublin", INT64_C(1966397931), INT64_C(1966401531), INT64_C(1966394331)},
    {"Europe/Dublin", INT64_C(95753886651), INT64_C(95753890251), INT64_C(95753883051)},
    {"Europe/Dublin", INT64_C(1598020740), INT64_C(1598024340), INT64_C(1598017140)},
    {"Antarctica/Troll", INT64_C(-1603140440), INT64_C(-1603140440), INT64_C(-1603140440)},
    {"Antarctica/Troll", INT64_C(-26419177789), INT64_C(-26419177789), INT64_C(-26419177789)},
    {"Antarctica/Troll", INT64_C(85530144097), INT64_C(85530151297), INT64_C(85530136897)},
    {"Antarctica/Troll", INT64_C(1432678233), INT64_C(1432685433), INT64_C(1432671033)},
    {"Antarctica/Troll", INT64_C(2120671780), INT64_C(2120671780), INT64_C(2120671780)},
    {"Antarctica/Troll", INT64_C(576131400), INT64_C(576131400), INT64_C(576131400)},
    {"Antarctica/Troll", INT64_C(-43907944009), INT64_C(-43907944009), INT64_C(-43907944009)},
    {"Antarctica/Troll", INT64_C(2467521000), INT64_C(2467521000), INT64_C(2467521000)},
    {"Antarctica/Troll", INT64_C(83657275335), INT64_C(83657275335), INT64_C(83657275335)},
    {"Antarctica/Troll", INT64_C(1427247000), INT64_C(1427247000), INT64_C(1427247000)},
    {"Antarctica/Troll", INT64_C(-1006316234), INT64_C(-1006316234), INT64_C(-1006316234)},
    {"Antarctica/Troll", INT64_C(483082200), INT64_C(483082200), INT64_C(483082200)},
    {"Antarctica/Troll", INT64_C(47842253843), INT64_C(47842253843), INT64_C(47842253843)},
    {"Antarctica/Troll", INT64_C(501139800), INT64_C(501139800), INT64_C(501139800)},
};

static const sqi_zone *get(sqi_zones *zones, const char *name)
{
    const sqi_zone *zone = NULL;
    streamq_error *err = NULL;
    streamq_status st = sqi_zones_get(zones, sqi_span_of(name), &zone, &err);
    ck_assert_msg(st == STREAMQ_OK, "%s: %s", name, err ? sqi_error_message(err) : "?");
    return zone;
}

START_TEST(zones_answer_as_java_does)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        const sqi_zone *zone = get(zones, r->zone);
        int64_t local = sqi_zone_to_local(zone, r->seconds * 1000000),
                utc = sqi_zone_to_utc(zone, r->seconds * 1000000);
        ck_assert_msg(local == r->from_utc * 1000000, "%s from UTC at %lld", r->zone, (long long)r->seconds);
        ck_assert_msg(utc == r->to_utc * 1000000, "%s to UTC at %lld", r->zone, (long long)r->seconds);
    }
    sqi_zones_free(zones);
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(ids_are_read_as_javas)
{
    static const struct {
        const char *id;
        int32_t seconds;
    } good[] = {
        {"Z", 0},
        {"UTC", 0},
        {"GMT", 0},
        {"UT", 0},
        {"+2", 7200},
        {"-18", -64800},
        {"+02:00", 7200},
        {"+0530", 19800},
        {"-01:30:15", -5415},
        {"+013015", 5415},
        {"+1:30", 5400},
        {"+01:3", 3780},
        {"UTC+2", 7200},
        {"GMT-03:30", -12600},
        {"UT+1", 3600},
        {"UTC+01:02:03", 3723},
        {"EST", -18000},
        {"HST", -36000},
        {"MST", -25200},
        {"GMT+2:00", 7200},
        {"-00:00", 0},
    };
    static const char *const bad[] = {"",       "z",   "utc",  "+",      "+19",  "+18:01", "+1:2:3",   "+012",
                                      "+01:60", "+1x", "UTC+", "UTC+25", "GMT2", "PST",    "+1234567", "+12:34:56:78",
                                      "1",      "+ 1", "--1"};
    int32_t seconds;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(sqi_zone_id_offset(sqi_span_of(good[i].id), &seconds), "%s", good[i].id);
        ck_assert_msg(seconds == good[i].seconds, "%s is %d", good[i].id, seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!sqi_zone_id_offset(sqi_span_of(bad[i]), &seconds), "'%s' is %d", bad[i], seconds);
}
END_TEST

START_TEST(unknown_zones_say_what_to_do)
{
    static const char *const names[] = {"Mars/Crater",
                                        "europe/berlin",
                                        "../etc/passwd",
                                        "/etc/localtime",
                                        "posixrules",
                                        "localtime",
                                        "Europe/",
                                        "Europe/../Asia",
                                        "tzdata.zi",
                                        "Europe",
                                        "right/UTC",
                                        "x\ny",
                                        "",
                                        "leapseconds",
                                        "a b"};
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const sqi_zone *zone;
        streamq_error *err = NULL;
        ck_assert_msg(sqi_zones_get(zones, sqi_span_of(names[i]), &zone, &err) == STREAMQ_ERR_DATA ||
                          sqi_error_cond(err) == SQI_COND_INVALID_TIMEZONE,
                      "%s", names[i]);
        ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INVALID_TIMEZONE);
        ck_assert(*sqi_error_hint_text(err));
        sqi_error_free(err);
        ck_assert_int_ne(sqi_zones_get(zones, sqi_span_of(names[i]), &zone, NULL), STREAMQ_OK);
    }
    sqi_zones_free(zones);
    ck_assert_uint_eq(alloc.used, 0);
}
END_TEST

START_TEST(a_zone_is_read_once)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    const sqi_zone *berlin = get(zones, "Europe/Berlin");
    size_t used = alloc.used;
    ck_assert_ptr_eq(get(zones, "Europe/Berlin"), berlin);
    ck_assert_ptr_eq(get(zones, "UTC"), sqi_zone_utc());
    ck_assert_uint_eq(alloc.used, used);
    ck_assert(sqi_span_equal(sqi_zone_name(berlin), SQI_SPAN("Europe/Berlin")));
    ck_assert(sqi_span_equal(sqi_zone_name(get(zones, "PST")), SQI_SPAN("PST")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(berlin, 1704067200), SQI_SPAN("CET")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(berlin, 1720000000), SQI_SPAN("CEST")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(berlin, INT64_C(7268313600)), SQI_SPAN("CEST")));
    ck_assert(sqi_span_equal(sqi_zone_abbreviation(get(zones, "+02:00"), 0), SQI_SPAN("+02:00")));
    sqi_zones_free(zones);
    sqi_zones_free(NULL);
}
END_TEST

START_TEST(gaps_move_forward_and_overlaps_take_the_earlier_offset)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    const sqi_zone *york = get(zones, "America/New_York");
    int64_t hour = INT64_C(3600000000), gap = INT64_C(1710036000) * 1000000, overlap = INT64_C(1730595600) * 1000000;
    ck_assert_int_eq(sqi_zone_to_utc(york, gap - 1), gap - 1 + 5 * hour); /* 01:59:59.999999 EST */
    ck_assert_int_eq(sqi_zone_to_utc(york, gap), gap + 5 * hour);         /* 02:00 is not there: 03:00 EDT */
    ck_assert_int_eq(sqi_zone_to_utc(york, gap + hour), gap + 5 * hour);
    ck_assert_int_eq(sqi_zone_to_utc(york, overlap), overlap + 4 * hour); /* 01:00 EDT, not EST */
    ck_assert_int_eq(sqi_zone_to_utc(york, overlap + hour), overlap + 6 * hour);
    ck_assert_int_eq(sqi_zone_to_local(york, INT64_MIN), INT64_MIN);
    ck_assert_int_eq(sqi_zone_to_utc(york, INT64_MAX), INT64_MAX);
    sqi_zones_free(zones);
}
END_TEST

START_TEST(months_and_days_move_the_local_clock)
{
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_zones *zones = sqi_zones_new(&alloc);
    const sqi_zone *york = get(zones, "America/New_York");
    int64_t second = 1000000, noon = INT64_C(1709917200) * second, out; /* 2024-03-08 12:00 EST */
    ck_assert(sqi_time_add(york, noon, 0, 2, 0, &out) && out == noon + (2 * 86400 - 3600) * second);
    ck_assert(sqi_time_add(york, noon, 0, 0, 2 * SQI_MICROS_PER_DAY, &out) && out == noon + 2 * SQI_MICROS_PER_DAY);
    ck_assert(sqi_time_add(york, noon, 1, 0, 0, &out) && out == noon + (31 * 86400 - 3600) * second);
    ck_assert(sqi_time_add(NULL, noon, 1, -8, 5, &out) && out == noon + 23 * SQI_MICROS_PER_DAY + 5);
    /* An hour that comes twice keeps the offset it had. */
    int64_t later = INT64_C(1730527200) * second; /* 2024-11-02 01:00 EST does not exist: this is 02:00 EDT */
    ck_assert(sqi_time_add(york, later, 0, 1, 0, &out) && out == later + 25 * 3600 * second);
    ck_assert(!sqi_time_add(york, INT64_MAX, 0, 0, 1, &out) && !sqi_time_add(york, 0, INT64_C(1) << 40, 0, 0, &out));
    ck_assert(!sqi_time_add(york, 0, 0, INT32_MAX, 0, &out) && !sqi_time_add(york, INT64_MIN, -1, 0, 0, &out));
    sqi_zones_free(zones);
}
END_TEST

static streamq_status load(sqi_alloc *alloc, void *context, streamq_error **err)
{
    static const char *const names[] = {"Europe/Berlin", "+02:00", "Nowhere/At/All"};
    (void)context;
    sqi_zones *zones = sqi_zones_new(alloc);
    if (!zones)
        return sqi_error_nomem(err);
    const sqi_zone *zone;
    streamq_status st = STREAMQ_OK;
    for (int i = 0; i < 2 && st == STREAMQ_OK; i++)
        st = sqi_zones_get(zones, sqi_span_of(names[i]), &zone, err);
    sqi_zones_free(zones);
    return st;
}

START_TEST(every_allocation_may_fail)
{
    ck_assert_uint_ge(sqi_test_every_allocation(load, NULL), 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        zones_answer_as_java_does,
        ids_are_read_as_javas,
        unknown_zones_say_what_to_do,
        a_zone_is_read_once,
        gaps_move_forward_and_overlaps_take_the_earlier_offset,
        months_and_days_move_the_local_clock,
        every_allocation_may_fail,
    };
    return sqi_test_main("data_zone", tests, sizeof tests / sizeof *tests);
}
