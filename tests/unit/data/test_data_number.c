/*
 * Numbers as text. The tables hold what Java prints (through Spark, where Java 17 prints the shortest digits, as newer
 * ones always do); beyond them, whatever is printed must read back and must not have a shorter neighbour that does.
 */
#include "data_number.h"
#include "test_main.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
    uint64_t bits;
    const char *text;
} row;

static const row doubles[] = {
    {UINT64_C(0x0000000000000000), "0.0"},
    {UINT64_C(0x8000000000000000), "-0.0"},
    {UINT64_C(0x3ff0000000000000), "1.0"},
    {UINT64_C(0xbff0000000000000), "-1.0"},
    {UINT64_C(0x4059000000000000), "100.0"},
    {UINT64_C(0x3fb999999999999a), "0.1"},
    {UINT64_C(0x3fd3333333333334), "0.30000000000000004"},
    {UINT64_C(0x3fd5555555555555), "0.3333333333333333"},
    {UINT64_C(0x3f50624dd2f1a9fc), "0.001"},
    {UINT64_C(0x3f1a36e2eb1c432d), "1.0E-4"},
    {UINT64_C(0x3f506243162a38e4), "9.9999E-4"},
    {UINT64_C(0x3f5062b932bc14ef), "0.0010001"},
    {UINT64_C(0x3ee4f8b588e368f1), "1.0E-5"},
    {UINT64_C(0x40fe240b33333333), "123456.7"},
    {UINT64_C(0x416312cfe0000000), "9999999.0"},
    {UINT64_C(0x416312cffff7ced9), "9999999.999"},
    {UINT64_C(0x416312d000000000), "1.0E7"},
    {UINT64_C(0x41678c29c0000000), "1.2345678E7"},
    {UINT64_C(0x420bf08eb0000000), "1.5E10"},
    {UINT64_C(0x419d6f3454000000), "1.23456789E8"},
    {UINT64_C(0x430c6bf526340000), "1.0E15"},
    {UINT64_C(0x4341c37937e08000), "1.0E16"},
    {UINT64_C(0x437b69b4ba630f35), "1.2345678901234568E17"},
    {UINT64_C(0x433fffffffffffff), "9.007199254740991E15"},
    {UINT64_C(0x4340000000000000), "9.007199254740992E15"},
    {UINT64_C(0x43e0000000000000), "9.223372036854776E18"},
    {UINT64_C(0x4415af1d78b58c40), "1.0E20"},
    {UINT64_C(0x444b1ae4d6e2ef50), "1.0E21"},
    {UINT64_C(0x4480f0cf064dd592), "1.0E22"},
    {UINT64_C(0x44b52d02c7e14af6), "1.0E23"},
    {UINT64_C(0x3f60624dd2f1a9fc), "0.002"},
    {UINT64_C(0x3f4f212d77318fc5), "9.5E-4"},
    {UINT64_C(0x0000000000000001), "4.9E-324"},
    {UINT64_C(0x0010000000000000), "2.2250738585072014E-308"},
    {UINT64_C(0x000fffffffffffff), "2.225073858507201E-308"},
    {UINT64_C(0x7fefffffffffffff), "1.7976931348623157E308"},
    {UINT64_C(0x3e60000000000000), "2.9802322387695312E-8"},
    {UINT64_C(0x407b2fffffffffff), "434.99999999999994"},
    {UINT64_C(0x3ff35c28f5c28f5d), "1.2100000000000002"},
    {UINT64_C(0x0000000000000004), "2.0E-323"},
    {UINT64_C(0x0000000000000014), "9.9E-323"},
    {UINT64_C(0x1b3998cd75f319be), "1.5791729112093314E-177"},
    {UINT64_C(0xc0adc40000000000), "-3810.0"},
    {UINT64_C(0x3fba7fa18e88ba40), "0.10350999574505071"},
    {UINT64_C(0x94d5c45a416ab8e2), "-2.6483881143841503E-208"},
    {UINT64_C(0x9d854b081ea72912), "-1.8054736322609823E-166"},
    {UINT64_C(0x42471873fe968000), "1.98389005613E11"},
    {UINT64_C(0x40aa3ebb579b042b), "3359.3659027521694"},
    {UINT64_C(0x4048a60e878d5080), "49.29731840515251"},
    {UINT64_C(0xdf5c0d71f32f9e5b), "-2.2956713864281642E151"},
    {UINT64_C(0xc26993b8f3aae000), "-8.78820433239E11"},
    {UINT64_C(0x57ef69aac21668aa), "3.867893236213315E115"},
    {UINT64_C(0x3fede56841ad410f), "0.9342538149594776"},
    {UINT64_C(0xf6c6a6b2399e6a9b), "-1.4265158613160235E264"},
    {UINT64_C(0x40ae533333333333), "3881.6"},
    {UINT64_C(0x570e15a0ec982995), "2.2609503434539978E111"},
    {UINT64_C(0x732f87aea7f0107d), "6.889227998822189E246"},
    {UINT64_C(0x4257dd232149c000), "4.09977259303E11"},
    {UINT64_C(0x425e53376e8a0000), "5.20980642344E11"},
    {UINT64_C(0x40ebdbb276dd2e65), "57053.5770097643"},
    {UINT64_C(0x4088b06405fd6f88), "790.048839549986"},
    {UINT64_C(0x34e290421fda0863), "6.056627403985165E-54"},
    {UINT64_C(0x9b9d92632cc54000), "-1.1676177271262927E-175"},
    {UINT64_C(0x827f75e4ea5b4c77), "-1.2026250312105472E-296"},
    {UINT64_C(0x7f9587848a1c00f1), "3.77960876090054E306"},
    {UINT64_C(0x41f4ef890cbe019c), "5.619880139875393E9"},
    {UINT64_C(0x7cbfcb057bfa77d9), "7.931731951274528E292"},
    {UINT64_C(0xe717a666a382a266), "-4.116124619493843E188"},
    {UINT64_C(0x375693d0baaefc67), "4.049623186012389E-42"},
    {UINT64_C(0xf1269a3207aaa73d), "-1.1498461555021336E237"},
    {UINT64_C(0xc0a7166666666666), "-2955.2"},
    {UINT64_C(0xd2ced6d39fd7d024), "-7.852561488663841E90"},
    {UINT64_C(0x249f23efa74d1694), "2.7419893437462147E-132"},
    {UINT64_C(0x5268b38c98f72d4e), "9.827649869533308E88"},
    {UINT64_C(0x6e8602f2d7ee321e), "2.5461077637957996E224"},
    {UINT64_C(0x41613294f387770f), "9016487.610286264"},
    {UINT64_C(0xc26b7fb02604c000), "-9.44850939942E11"},
    {UINT64_C(0x17dc72208572ccfb), "9.74184211349184E-194"},
    {UINT64_C(0x3f31819d6c8a107f), "2.6712506636551026E-4"},
    {UINT64_C(0x2e9322d29cd5e216), "2.462594921657234E-84"},
    {UINT64_C(0x405f8f4dfce6fd70), "126.23913500363938"},
    {UINT64_C(0x40bddf4ccccccccd), "7647.3"},
    {UINT64_C(0x50c26b33c80db02c), "1.0919662443462177E81"},
    {UINT64_C(0xe7beb7d5432a9e11), "-5.4745897438786814E191"},
    {UINT64_C(0x5190512a51c28ec7), "7.924657329624032E84"},
    {UINT64_C(0x1d4207121291b5b9), "9.553682567925895E-168"},
    {UINT64_C(0x793914502e24813f), "8.683049865967736E275"},
    {UINT64_C(0x3e997d54332a05b7), "3.798241322920057E-7"},
    {UINT64_C(0x04c7bcf316f6c20a), "1.247153157310787E-285"},
    {UINT64_C(0x5689c413bfabc96b), "7.564046899696465E108"},
    {UINT64_C(0x409be00000000000), "1784.0"},
    {UINT64_C(0xefe563a00428ebca), "-1.0377205783323946E231"},
    {UINT64_C(0xb4c8d5bf512e8a4b), "-2.025695169681451E-54"},
    {UINT64_C(0xc081d62557bea36b), "-570.7682337659475"},
    {UINT64_C(0xb1febb1671ba195a), "-7.124182125019224E-68"},
    {UINT64_C(0xc05ef7d06711bc78), "-123.87209488613178"},
    {UINT64_C(0xb2f79366de6d7b39), "-3.581847935229401E-63"},
    {UINT64_C(0x3ee1d1110d463183), "8.495648594197092E-6"},
    {UINT64_C(0x40b189a48e8a71de), "4489.6428"},
    {UINT64_C(0x9d4a4f7ba4943eb8), "-1.3943159697450643E-167"},
    {UINT64_C(0xc06d75a6a5b84940), "-235.67659269326577"},
    {UINT64_C(0x0207dd1a2104a2c7), "7.126753375269869E-299"},
    {UINT64_C(0x550c8f32086f6e0a), "4.997317977444158E101"},
    {UINT64_C(0x55655edfb2753bab), "2.3932345441993544E103"},
    {UINT64_C(0x2d19056cd1e6ea8e), "1.9192401362384358E-91"},
    {UINT64_C(0x40c2a50000000000), "9546.0"},
    {UINT64_C(0x751235cbbafa3e37), "8.544558248197762E255"},
    {UINT64_C(0xb84b6dcaef44f9b8), "-1.6121245443983396E-37"},
    {UINT64_C(0xc089ec168a597312), "-829.511006068062"},
    {UINT64_C(0xc086c0d8722b4ad2), "-728.1056865102967"},
    {UINT64_C(0x425a3280623b8000), "4.50065697006E11"},
    {UINT64_C(0xe5c199cf2a248e03), "-1.4606973108203884E182"},
    {UINT64_C(0xdc6ae23e9146ec3a), "-1.5632130447115355E137"},
    {UINT64_C(0x41613c778dcdd635), "9036732.431376556"},
    {UINT64_C(0x8b85974b8658a2f0), "-3.681173911927748E-253"},
    {UINT64_C(0x27d353cf3cd5f349), "7.664338860490794E-117"},
    {UINT64_C(0x1a0e9742b00b1aea), "3.5996838082568814E-183"},
    {UINT64_C(0x63c0fa47dfb260c0), "3.280540052998112E172"},
    {UINT64_C(0x40827b32ade33674), "591.3997457266801"},
    {UINT64_C(0x40966b04f227d029), "1434.75483"},
    {UINT64_C(0x18ad338a82094b8a), "8.192480377522844E-190"},
    {UINT64_C(0x845a28a9b33747bd), "-1.0736991906819414E-287"},
    {UINT64_C(0x3de80871c52be303), "1.7486298744550198E-10"},
    {UINT64_C(0x7099dd2639b0c967), "2.5698635269227028E234"},
    {UINT64_C(0x18845ab93f077a4c), "1.4276140926287518E-190"},
    {UINT64_C(0x7ea8ac6b4dc62e13), "1.321894041348222E302"},
    {UINT64_C(0x0b5e2fc42f7ab744), "6.433357498304044E-254"},
    {UINT64_C(0x425ca055708b8000), "4.91796152878E11"},
    {UINT64_C(0x7423837d599d63f9), "2.794245079566568E251"},
    {UINT64_C(0x3e2a3a5607194adf), "3.0533265297977195E-9"},
    {UINT64_C(0x2eff15ab53ad385a), "2.560160044964308E-82"},
    {UINT64_C(0x424cef4fc5e88000), "2.48548133841E11"},
    {UINT64_C(0x62fc54a8658f4794), "6.68243603908032E168"},
    {UINT64_C(0x78a60caff36000a8), "1.491028717224052E273"},
    {UINT64_C(0xc23a49cfa98f0000), "-1.12907495823E11"},
    {UINT64_C(0xbe7269f4773d71a5), "-6.85970727420971E-8"},
    {UINT64_C(0x3f5385aef668ad61), "0.0011915405863288308"},
    {UINT64_C(0xc4e7b9e15738ecdb), "-8.963465141536764E23"},
    {UINT64_C(0x40c3780000000000), "9968.0"},
    {UINT64_C(0x5cef6b830d321789), "4.6770687542895756E139"},
    {UINT64_C(0x9f8b806d3cebf6d8), "-1.001546884584467E-156"},
    {UINT64_C(0xd87cfb666521c45a), "-1.8271202750694673E118"},
    {UINT64_C(0xb75de6f250bc3228), "-5.363432418592489E-42"},
    {UINT64_C(0x3ec5019bf4274f96), "2.504144420026635E-6"},
    {UINT64_C(0x12db5245cede7985), "7.73972879349325E-218"},
    {UINT64_C(0xc0a7420000000000), "-2977.0"},
    {UINT64_C(0xc062ac4a929d4e2c), "-149.38410311435416"},
    {UINT64_C(0x8b83d8b53d38c77c), "-3.383747303720235E-253"},
    {UINT64_C(0xcc03725aa7efb594), "-1.525861099484465E58"},
    {UINT64_C(0xa25490553286b793), "-2.6349079276852444E-143"},
    {UINT64_C(0x76feff0e97da65f4), "1.5616592838529992E265"},
    {UINT64_C(0x46956b8c13834ae6), "1.0861284163917214E32"},
    {UINT64_C(0x287d285a5eacb0b5), "1.1840058615788114E-113"},
    {UINT64_C(0x9afc6b89265cfb50), "-1.0958411320631777E-178"},
    {UINT64_C(0x70c139d2680a3819), "1.369265656721972E235"},
    {UINT64_C(0xc4f4114afe515840), "-1.5162612504430133E24"},
    {UINT64_C(0xd6c2cf35db79b992), "-8.834942674115403E109"},
    {UINT64_C(0xc58c7693589f99f4), "-1.1011161680498925E27"},
    {UINT64_C(0x2a6b8605b8517a5b), "2.4001344137100333E-104"},
    {UINT64_C(0x3fb2bc0c31eab4f3), "0.07318187922165346"},
    {UINT64_C(0x40a1a1e89a027525), "2256.9543"},
    {UINT64_C(0x4d8c153d9b7b16b8), "3.696852581043917E65"},
    {UINT64_C(0xc0aab835c28f5c29), "-3420.105"},
    {UINT64_C(0x40be6bb8807357e6), "7787.72071"},
    {UINT64_C(0x4abd65e18bd959f8), "1.0999087462576043E52"},
    {UINT64_C(0x3f43ccc097b4b295), "6.04242362361856E-4"},
    {UINT64_C(0xa1a9d3b3b23f47c0), "-1.6158662941446375E-146"},
    {UINT64_C(0x41194824e183484e), "414217.22022736527"},
    {UINT64_C(0x3eb0b09ce01b9a25), "9.947951870537281E-7"},
    {UINT64_C(0x42ec63ddfc0f1702), "2.4972201298962406E14"},
    {UINT64_C(0x40c041f5a95421c0), "8323.91923"},
    {UINT64_C(0xadb5735f53b3f7d6), "-1.6848537638611676E-88"},
    {UINT64_C(0x40c2107333333333), "9248.9"},
    {UINT64_C(0x595767d9f0398b2f), "2.4175714601883066E122"},
    {UINT64_C(0xc081dcc101343082), "-571.5942405774406"},
    {UINT64_C(0xaf961820b6ea8a24), "-1.8633755864301492E-79"},
    {UINT64_C(0xb3bd4390212462ac), "-1.821098087483792E-59"},
    {UINT64_C(0xc0a0550000000000), "-2090.5"},
    {UINT64_C(0x4694ee9e516f5e97), "1.0613837295797476E32"},
    {UINT64_C(0x9a8d53cfa97f45cd), "-8.834581692527137E-181"},
    {UINT64_C(0xee359758054b8976), "-7.80464806637425E222"},
    {UINT64_C(0x3df289c0c0ea15e0), "2.697648223852457E-10"},
    {UINT64_C(0xb03d087a8198866b), "-2.5073491192713395E-76"},
    {UINT64_C(0xcd191b9e6fd745a7), "-2.5821963337144428E63"},
    {UINT64_C(0x6e31f51bb045d6e9), "6.491148804590716E222"},
    {UINT64_C(0x4115c48c34aa630e), "356643.05143122457"},
    {UINT64_C(0x2aac4d330a20fd04), "3.948770299440805E-103"},
    {UINT64_C(0x085af8aa3e7ade38), "2.042144760443098E-268"},
    {UINT64_C(0x40a92d947ae147ae), "3222.79"},
    {UINT64_C(0xfe355e96f5811b4d), "-8.944372455383881E299"},
    {UINT64_C(0xc0b79118240b7803), "-6033.0943"},
    {UINT64_C(0x128d4be6b88f3458), "2.593514913563178E-219"},
    {UINT64_C(0x4080a799f673bdbe), "532.9501771013527"},
    {UINT64_C(0x52fb14036a31a124), "5.515922093850897E91"},
    {UINT64_C(0x38a331e505b0df09), "7.220319205120598E-36"},
    {UINT64_C(0x7c3fcf4087539598), "3.0999432986958052E290"},
    {UINT64_C(0x22ff03e4aa87c2e4), "4.0694594579220396E-140"},
    {UINT64_C(0x42695f4cb4298000), "8.7178435822E11"},
    {UINT64_C(0x65209b68e1a5a6ec), "1.3459236687633414E179"},
    {UINT64_C(0x4262c3a80afbc000), "6.44735850462E11"},
    {UINT64_C(0xc061c51d3180c288), "-142.15981364391723"},
    {UINT64_C(0x205237a4822235b1), "5.434849318594957E-153"},
    {UINT64_C(0x719349c1e9fa20f7), "1.2559905288342897E239"},
    {UINT64_C(0xe859102ca3445e77), "-4.573971021618844E194"},
    {UINT64_C(0x18e1fd7fead996e8), "8.075501799606948E-189"},
    {UINT64_C(0x2224ea6ec4e93a62), "3.350005992874208E-144"},
    {UINT64_C(0x4066dd65945379f0), "182.91864982894867"},
    {UINT64_C(0x5cbc257d56aaa56f), "5.23722887146197E138"},
    {UINT64_C(0x2eb1e87d796226a0), "9.218330851599655E-84"},
    {UINT64_C(0x1ed518b47464c062), "3.7513950225436837E-160"},
    {UINT64_C(0xce80d90f1fc469bb), "-1.453498034100995E70"},
    {UINT64_C(0xa161660aad7d71ae), "-6.803406991825881E-148"},
    {UINT64_C(0x407001c5e6521bf4), "256.11081535409835"},
    {UINT64_C(0x2d321e82b6503e75), "5.559297374901737E-91"},
    {UINT64_C(0x1839458703c0606f), "5.539051031704023E-192"},
    {UINT64_C(0x3f128462f7ce301b), "7.06372647540369E-5"},
    {UINT64_C(0x809cb1af540c688c), "-1.0215432119328975E-305"},
    {UINT64_C(0x3bd8566112ca168d), "2.061459550905996E-20"},
    {UINT64_C(0x7f0d4b7cb1ea2dfa), "1.0044706207705328E304"},
    {UINT64_C(0xbba6bd41801dea64), "-2.4076149945303332E-21"},
    {UINT64_C(0x341c1667c81d0e18), "1.1186500660259355E-57"},
    {UINT64_C(0x4062a157d8d16068), "149.04197350400796"},
    {UINT64_C(0x4e3433ec4738e242), "5.446670594366578E68"},
    {UINT64_C(0x3939165acdfd8d1d), "4.8316426723108216E-33"},
    {UINT64_C(0xc06761c93ddc8360), "-187.05581563061696"},
    {UINT64_C(0x02fd7edd378f38a0), "2.886429401036966E-294"},
    {UINT64_C(0x44f303d85dd07a51), "1.4367343080552508E24"},
    {UINT64_C(0xdad0d1e27e9938a2), "-2.9147451505692705E129"},
    {UINT64_C(0xc0c24f828f5c28f6), "-9375.02"},
    {UINT64_C(0x905ccef0a28eb30f), "-7.42235712199928E-230"},
    {UINT64_C(0x4a4cc079f416f4fb), "8.404178345328419E49"},
    {UINT64_C(0x1c611c0453c7c4ef), "5.534116607404515E-172"},
    {UINT64_C(0x970bdb12da1fdfcf), "-1.1645223106747577E-197"},
    {UINT64_C(0xc0a953ae8a71de6a), "-3241.8409"},
    {UINT64_C(0xc06c6894f6f4873c), "-227.2681841636603"},
    {UINT64_C(0x551c5f9e9ac3a2eb), "9.929598201956062E101"},
    {UINT64_C(0x4cda2e37e85bb048), "1.6828202672851047E62"},
    {UINT64_C(0xac01ab97a25b5d30), "-1.0340817972681926E-96"},
    {UINT64_C(0x7674ef3b170929ac), "4.1200143946201984E262"},
    {UINT64_C(0x4116810679b50d8b), "368705.6188547245"},
    {UINT64_C(0x6c73554fa36c24e6), "2.603404893865112E214"},
    {UINT64_C(0x8b5296ae7345c1bc), "-3.961597385436878E-254"},
    {UINT64_C(0x3f48b41d0b789944), "7.538930721622612E-4"},
    {UINT64_C(0x09dbd37a2d4f5fc0), "3.534726769224646E-261"},
    {UINT64_C(0xf8d19961a4389d62), "-9.520673442698805E273"},
    {UINT64_C(0x2675f6752b4ac09b), "2.0764812659241525E-123"},
    {UINT64_C(0x2a5fd766c222dcd4), "1.3883335920024983E-104"},
    {UINT64_C(0x7d0c10c357321454), "2.2405687043981197E294"},
    {UINT64_C(0x3f26076698419b4c), "1.6806723954517833E-4"},
    {UINT64_C(0xc458b45041ad5869), "-1.8228592596270462E21"},
    {UINT64_C(0x4a4513ca6339c9e3), "6.160903720581095E49"},
    {UINT64_C(0x13095a6c6ce2e0d3), "5.745743143777797E-217"},
    {UINT64_C(0x40b8388e83e425af), "6200.5567"},
    {UINT64_C(0x0292710eee767d5f), "2.8198348650441885E-296"},
    {UINT64_C(0xc25e73980ee94000), "-5.23153456037E11"},
    {UINT64_C(0x3987b1a7477e356b), "1.4602529477576576E-31"},
    {UINT64_C(0x78be9da8ae8ca193), "4.140592340862031E273"},
    {UINT64_C(0x83cf2ee415942cd3), "-2.4998527299910537E-290"},
    {UINT64_C(0xb54892dfe42c6ffa), "-5.131233996811599E-52"},
    {UINT64_C(0xc26a4abfdc752000), "-9.03385899945E11"},
    {UINT64_C(0xaa89b1855b44fcd8), "-8.962182381065507E-104"},
};

static const row floats[] = {
    {UINT32_C(0x00000000), "0.0"},
    {UINT32_C(0x80000000), "-0.0"},
    {UINT32_C(0x00000001), "1.4E-45"},
    {UINT32_C(0x7f7fffff), "3.4028235E38"},
    {UINT32_C(0x3dcccccd), "0.1"},
    {UINT32_C(0x4b800000), "1.6777216E7"},
    {UINT32_C(0x4b18967f), "9999999.0"},
    {UINT32_C(0x4b189680), "1.0E7"},
    {UINT32_C(0x3a83126f), "0.001"},
    {UINT32_C(0x3a6bedfa), "9.0E-4"},
    {UINT32_C(0x4c000000), "3.3554432E7"},
    {UINT32_C(0x65a96816), "1.0E23"},
    {UINT32_C(0x0f800000), "1.2621775E-29"},
    {UINT32_C(0x6c800000), "1.2379401E27"},
    {UINT32_C(0xaea7b96e), "-7.62722E-11"},
    {UINT32_C(0xc2e476fc), "-114.23239"},
    {UINT32_C(0x04143a4c), "1.7424085E-36"},
    {UINT32_C(0x74633fbc), "7.201807E31"},
    {UINT32_C(0xe97e5a55), "-1.9218359E25"},
    {UINT32_C(0x0975083f), "2.949468E-33"},
    {UINT32_C(0xb07d989a), "-9.2257724E-10"},
    {UINT32_C(0x85a2a1d0), "-1.5293847E-35"},
    {UINT32_C(0x69ecaada), "3.5764165E25"},
    {UINT32_C(0x3687c8da), "4.0466957E-6"},
    {UINT32_C(0x255bbb9b), "1.9058785E-16"},
    {UINT32_C(0xd1920576), "-7.8394606E10"},
    {UINT32_C(0x400aa1ef), "2.1661336"},
    {UINT32_C(0xa022325c), "-1.3738596E-19"},
    {UINT32_C(0xe90a76a4), "-1.0462002E25"},
    {UINT32_C(0x2af2295b), "4.3016532E-13"},
    {UINT32_C(0x5fec6e80), "3.407339E19"},
    {UINT32_C(0xaead2f8e), "-7.8755766E-11"},
    {UINT32_C(0xb79f095f), "-1.895864E-5"},
    {UINT32_C(0x0689af16), "5.179094E-35"},
    {UINT32_C(0x69908cc0), "2.184375E25"},
    {UINT32_C(0x616b19ea), "2.7105326E20"},
    {UINT32_C(0xf47464be), "-7.74514E31"},
    {UINT32_C(0x6cdfd17b), "2.1646376E27"},
    {UINT32_C(0x637dd320), "4.6822394E21"},
    {UINT32_C(0xc6abdf4e), "-21999.652"},
    {UINT32_C(0x0fd05f05), "2.0546984E-29"},
    {UINT32_C(0xc445cc5f), "-791.1933"},
    {UINT32_C(0xfc328aa1), "-3.7081623E36"},
    {UINT32_C(0x9d190c0a), "-2.0255605E-21"},
    {UINT32_C(0xaad383c5), "-3.7572563E-13"},
    {UINT32_C(0x2ef4a532), "1.112518E-10"},
    {UINT32_C(0x9d97d32c), "-4.0187714E-21"},
    {UINT32_C(0x9327af7a), "-2.116488E-27"},
    {UINT32_C(0x2d626c9f), "1.2870731E-11"},
    {UINT32_C(0xb1efbd7f), "-6.9773587E-9"},
    {UINT32_C(0xe9f3c5c2), "-3.6837857E25"},
    {UINT32_C(0xb5741fbb), "-9.094326E-7"},
    {UINT32_C(0x6cb1633e), "1.7155882E27"},
    {UINT32_C(0x2412dd24), "3.1846017E-17"},
    {UINT32_C(0xead6dc7c), "-1.2987567E26"},
    {UINT32_C(0xf9740170), "-7.918435E34"},
    {UINT32_C(0xd4ba8936), "-6.4093275E12"},
    {UINT32_C(0x63acd7a1), "6.3767554E21"},
    {UINT32_C(0xc0f72e87), "-7.7244296"},
    {UINT32_C(0x3e461651), "0.1934445"},
    {UINT32_C(0x989e9790), "-4.099508E-24"},
    {UINT32_C(0x4606f1e1), "8636.47"},
    {UINT32_C(0xa5f1b46b), "-4.1929092E-16"},
    {UINT32_C(0x1abd393c), "7.8261035E-23"},
    {UINT32_C(0xb9133af6), "-1.4040977E-4"},
    {UINT32_C(0x67ec3f17), "2.2312846E24"},
    {UINT32_C(0x0c9260b9), "2.2553075E-31"},
    {UINT32_C(0x303c8e99), "6.8596645E-10"},
    {UINT32_C(0x8105e34d), "-2.4591322E-38"},
    {UINT32_C(0x4911d1c1), "597276.06"},
    {UINT32_C(0x006d665b), "1.0046787E-38"},
    {UINT32_C(0x1d271817), "2.211472E-21"},
    {UINT32_C(0x7f55d20e), "2.8421623E38"},
    {UINT32_C(0xac100683), "-2.0467246E-12"},
    {UINT32_C(0x9856b7b5), "-2.77516E-24"},
    {UINT32_C(0xaee3589c), "-1.0338505E-10"},
    {UINT32_C(0xf643d28f), "-9.92938E32"},
    {UINT32_C(0x0b113ad2), "2.7970236E-32"},
    {UINT32_C(0x2f9364eb), "2.681085E-10"},
    {UINT32_C(0x090b332a), "1.6755574E-33"},
    {UINT32_C(0x059c4489), "1.4695345E-35"},
    {UINT32_C(0x793582e3), "5.8903777E34"},
    {UINT32_C(0xac4b49d9), "-2.8889029E-12"},
    {UINT32_C(0xb91175df), "-1.3872188E-4"},
    {UINT32_C(0x6c0e4cdf), "6.881219E26"},
    {UINT32_C(0x2cbbb92e), "5.3354187E-12"},
    {UINT32_C(0x4577046e), "3952.2769"},
    {UINT32_C(0xb4348dba), "-1.6815366E-7"},
    {UINT32_C(0xa9602822), "-4.97728E-14"},
    {UINT32_C(0xb4a94ac5), "-3.1533105E-7"},
    {UINT32_C(0x453bb817), "3003.5056"},
    {UINT32_C(0x74855b64), "8.452504E31"},
    {UINT32_C(0x35f4205c), "1.8188834E-6"},
    {UINT32_C(0xf2595574), "-4.3047394E30"},
    {UINT32_C(0xac7da576), "-3.6045312E-12"},
    {UINT32_C(0x6dafe847), "6.8050853E27"},
    {UINT32_C(0xe91bba7e), "-1.1766512E25"},
    {UINT32_C(0x7d3c5c92), "1.564847E37"},
    {UINT32_C(0x3a04c998), "5.06544E-4"},
    {UINT32_C(0xbeba1ffe), "-0.36352533"},
    {UINT32_C(0x24c915f7), "8.7207065E-17"},
    {UINT32_C(0xafe433f0), "-4.1509862E-10"},
    {UINT32_C(0xf1fbe433), "-2.4946116E30"},
    {UINT32_C(0x1f1864d1), "3.2270645E-20"},
    {UINT32_C(0xc71e527d), "-40530.49"},
    {UINT32_C(0x2622925e), "5.6403405E-16"},
    {UINT32_C(0xa7a45db7), "-4.562075E-15"},
    {UINT32_C(0x7f752efb), "3.259048E38"},
    {UINT32_C(0x8e6c1848), "-2.9100937E-30"},
    {UINT32_C(0x09b02a60), "4.2410308E-33"},
    {UINT32_C(0xe5218593), "-4.7672813E22"},
    {UINT32_C(0x6c66ac09), "1.1154614E27"},
    {UINT32_C(0x8515f3cf), "-7.050727E-36"},
    {UINT32_C(0xb42da061), "-1.6170226E-7"},
    {UINT32_C(0x216bf978), "7.9951266E-19"},
    {UINT32_C(0x3802f575), "3.1223015E-5"},
    {UINT32_C(0x76e69f3e), "2.3387853E33"},
    {UINT32_C(0xc5795dd7), "-3989.865"},
    {UINT32_C(0x9f2fb885), "-3.7210322E-20"},
    {UINT32_C(0x777ca037), "5.1238607E33"},
    {UINT32_C(0x98ff6938), "-6.60222E-24"},
    {UINT32_C(0xfd89b25c), "-2.2878791E37"},
    {UINT32_C(0x8c73728f), "-1.8754513E-31"},
    {UINT32_C(0x6619fb10), "1.8178834E23"},
    {UINT32_C(0x46f88f48), "31815.64"},
    {UINT32_C(0xfe8e6bed), "-9.465538E37"},
    {UINT32_C(0x2cadc057), "4.9383097E-12"},
    {UINT32_C(0xc3449ecd), "-196.62032"},
    {UINT32_C(0x87bc3724), "-2.8319505E-34"},
    {UINT32_C(0x8778c96d), "-1.871664E-34"},
    {UINT32_C(0xc88d6863), "-289603.1"},
    {UINT32_C(0xaeee72ff), "-1.08434144E-10"},
    {UINT32_C(0x91582b45), "-1.7052729E-28"},
    {UINT32_C(0x7b106f1d), "7.499444E35"},
    {UINT32_C(0x396f01d3), "2.2793496E-4"},
    {UINT32_C(0xe4c94cbd), "-2.97066E22"},
    {UINT32_C(0x9ef5f750), "-2.604267E-20"},
    {UINT32_C(0xc1440d08), "-12.253181"},
    {UINT32_C(0xdb1f4e7d), "-4.484082E16"},
    {UINT32_C(0x9bafe57a), "-2.9099617E-22"},
    {UINT32_C(0xbad435ab), "-0.0016190311"},
    {UINT32_C(0x768628bc), "1.3605351E33"},
    {UINT32_C(0xd05f7fd2), "-1.4998784E10"},
    {UINT32_C(0xfb6f9345), "-1.2439459E36"},
    {UINT32_C(0x28e43c84), "2.533933E-14"},
    {UINT32_C(0xfcae609a), "-7.243352E36"},
    {UINT32_C(0xc43d75d1), "-757.8409"},
    {UINT32_C(0x9402c339), "-6.6018236E-27"},
    {UINT32_C(0x845a1658), "-2.5636037E-36"},
    {UINT32_C(0x8ee95d10), "-5.752855E-30"},
    {UINT32_C(0x9d51777b), "-2.772269E-21"},
    {UINT32_C(0xab5c458c), "-7.8256217E-13"},
    {UINT32_C(0x2733f616), "2.4974644E-15"},
    {UINT32_C(0x857f1ce1), "-1.19953466E-35"},
    {UINT32_C(0xfe9915da), "-1.0174267E38"},
    {UINT32_C(0xff5429ed), "-2.8201403E38"},
    {UINT32_C(0x60f03d8d), "1.3848918E20"},
    {UINT32_C(0xae2b4b32), "-3.8947685E-11"},
    {UINT32_C(0x1a415e1a), "3.998748E-23"},
    {UINT32_C(0x79ee4362), "1.5464167E35"},
    {UINT32_C(0x6df3646a), "9.4157813E27"},
    {UINT32_C(0xa530d73e), "-1.5338493E-16"},
    {UINT32_C(0x1a2c2208), "3.5596257E-23"},
    {UINT32_C(0x916fff90), "-1.8932527E-28"},
};

static double double_of(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static float float_of(uint64_t bits)
{
    float f;
    uint32_t b = (uint32_t)bits;
    memcpy(&f, &b, sizeof f);
    return f;
}

static void assert_text(const char *text, size_t n, const char *expected)
{
    ck_assert_msg(n == strlen(expected) && memcmp(text, expected, n) == 0, "%.*s is not %s", (int)n, text, expected);
}

START_TEST(doubles_print_as_java_prints_them)
{
    char t[SQI_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        assert_text(t, sqi_number_double(double_of(doubles[i].bits), t), doubles[i].text);
    assert_text(t, sqi_number_double(NAN, t), "NaN");
    assert_text(t, sqi_number_double(INFINITY, t), "Infinity");
    assert_text(t, sqi_number_double(-INFINITY, t), "-Infinity");
}
END_TEST

START_TEST(floats_print_as_java_prints_them)
{
    char t[SQI_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        assert_text(t, sqi_number_float(float_of(floats[i].bits), t), floats[i].text);
    assert_text(t, sqi_number_float(NAN, t), "NaN");
    assert_text(t, sqi_number_float(-INFINITY, t), "-Infinity");
}
END_TEST

/* splitmix64: the same numbers in every run */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Significant digits of a text. */
static int digits_of(const char *t, size_t n)
{
    int count = 0, zeros = 0;
    for (size_t i = 0; i < n && t[i] != 'E'; i++) {
        if (t[i] < '0' || t[i] > '9' || (!count && t[i] == '0'))
            continue;
        count += 1;
        zeros = t[i] == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static void assert_shortest(double d)
{
    char t[SQI_NUMBER_TEXT + 1], shorter[64];
    size_t n = sqi_number_double(d, t);
    double back;
    ck_assert(sqi_number_read_double((sqi_span){t, n}, &back));
    ck_assert_msg(memcmp(&d, &back, sizeof d) == 0, "%.*s does not read back", (int)n, t);
    int digits = digits_of(t, n);
    if (digits <= 2)
        return;
    snprintf(shorter, sizeof shorter, "%.*e", digits - 2, d); /* the nearest with one digit less */
    ck_assert_msg(strtod(shorter, NULL) != d, "%s would do for %.*s", shorter, (int)n, t);
}

START_TEST(what_is_printed_reads_back_and_is_shortest)
{
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        double d = double_of(next(&state));
        if (isfinite(d))
            assert_shortest(d);
    }
    for (uint64_t exponent = 0; exponent < 2047; exponent++) /* the powers of two and their neighbours */
        for (uint64_t k = 0; k < 3; k++)
            if (exponent || k)
                assert_shortest(double_of((exponent << 52) + k - (exponent > 0)));
}
END_TEST

START_TEST(every_float_of_a_sample_reads_back)
{
    char t[SQI_NUMBER_TEXT];
    for (uint64_t b = 0; b < UINT64_C(0x100000000); b += 104729) {
        float f = float_of(b), back;
        if (!isfinite(f))
            continue;
        size_t n = sqi_number_float(f, t);
        ck_assert(sqi_number_read_float((sqi_span){t, n}, &back) && memcmp(&f, &back, sizeof f) == 0);
    }
}
END_TEST

START_TEST(integers_print_to_both_ends)
{
    static const int64_t values[] = {0, 7, -7, 10, 99, 100, -100, 12345, 999999999, INT64_MAX, INT64_MIN};
    char t[SQI_NUMBER_TEXT], expected[32];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        assert_text(t, sqi_number_int(values[i], t), expected);
    }
}
END_TEST

START_TEST(decimals_print_plainly)
{
    char t[SQI_NUMBER_TEXT];
    sqi_int128 most = (sqi_int128)INT64_C(1000000000000000000) * INT64_C(1000000000000000000) * 100 - 1;
    assert_text(t, sqi_number_decimal(0, 0, t), "0");
    assert_text(t, sqi_number_decimal(0, 2, t), "0.00");
    assert_text(t, sqi_number_decimal(5, 0, t), "5");
    assert_text(t, sqi_number_decimal(-5, 1, t), "-0.5");
    assert_text(t, sqi_number_decimal(12345, 2, t), "123.45");
    assert_text(t, sqi_number_decimal(1, 7, t), "0.0000001");
    assert_text(t, sqi_number_decimal(-100, 2, t), "-1.00");
    assert_text(t, sqi_number_decimal(most, 0, t), "99999999999999999999999999999999999999");
    assert_text(t, sqi_number_decimal(-most, 38, t), "-0.99999999999999999999999999999999999999");
    assert_text(t, sqi_number_decimal(most, 18, t), "99999999999999999999.999999999999999999");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        doubles_print_as_java_prints_them,
        floats_print_as_java_prints_them,
        what_is_printed_reads_back_and_is_shortest,
        every_float_of_a_sample_reads_back,
        integers_print_to_both_ends,
        decimals_print_plainly,
    };
    return sqi_test_main("data_number", tests, sizeof tests / sizeof *tests);
}
