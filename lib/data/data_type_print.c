/*
 * data_type_print: types as text: Spark's simpleString, and the SQL form that error messages and DDL use.
 *
 * Names of fields stand bare in the simple form, and in the SQL form with backquotes where a parser would need them.
 * Both forms are complete and can be read back; only a label is cut to its room. The text goes through `sink`, because
 * a label is written where there is no allocator.
 */
#include "data_type.h"

#define LABEL_ROOM 128u

typedef struct sink {
    sqi_buf *buf; /* or, if NULL: */
    char *to;
    size_t len, room;
} sink;

static void emit(sink *s, const char *ptr, size_t len)
{
    if (s->buf) {
        sqi_buf_put(s->buf, ptr, len);
        return;
    }
    size_t fits = s->len < s->room ? s->room - s->len : 0;
    if (fits)
        memcpy(s->to + s->len, ptr, len < fits ? len : fits);
    s->len += len;
}

static void emit_text(sink *s, const char *text)
{
    emit(s, text, strlen(text));
}

static const char *const simple_name[SQI_TYPE_IDS_] = {
    [SQI_VOID] = "void",
    [SQI_BOOLEAN] = "boolean",
    [SQI_TINYINT] = "tinyint",
    [SQI_SMALLINT] = "smallint",
    [SQI_INT] = "int",
    [SQI_BIGINT] = "bigint",
    [SQI_FLOAT] = "float",
    [SQI_DOUBLE] = "double",
    [SQI_DECIMAL] = "decimal",
    [SQI_STRING] = "string",
    [SQI_BINARY] = "binary",
    [SQI_DATE] = "date",
    [SQI_TIMESTAMP] = "timestamp",
    [SQI_TIMESTAMP_NTZ] = "timestamp_ntz",
    [SQI_INTERVAL_YM] = "interval",
    [SQI_INTERVAL_DT] = "interval",
    [SQI_INTERVAL] = "interval",
    [SQI_ARRAY] = "array",
    [SQI_MAP] = "map",
    [SQI_STRUCT] = "struct",
};

static const char *const unit_name[] = {"year", "month", "day", "hour", "minute", "second"};

static void emit_word(sink *s, const char *text, bool sql)
{
    for (; *text; text++) {
        char c = (char)(sql && *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
        emit(s, &c, 1);
    }
}

static void emit_number(sink *s, unsigned v)
{
    char digit[3];
    size_t n = sizeof digit;
    do
        digit[--n] = (char)('0' + v % 10);
    while ((v /= 10) && n);
    emit(s, digit + n, sizeof digit - n);
}

static bool is_bare(sqi_span name)
{
    bool letter = false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!alpha && !(c >= '0' && c <= '9'))
            return false;
        letter |= alpha;
    }
    return letter;
}

static void emit_name(sink *s, sqi_span name)
{
    if (is_bare(name)) {
        emit(s, name.ptr, name.len);
        return;
    }
    emit(s, "`", 1);
    for (size_t i = 0; i < name.len; i++)
        emit(s, name.ptr[i] == '`' ? "``" : name.ptr + i, name.ptr[i] == '`' ? 2 : 1);
    emit(s, "`", 1);
}

static void print(sink *s, const sqi_type *t, bool sql);

static void print_fields(sink *s, const sqi_type *t, bool sql)
{
    emit(s, "<", 1);
    for (uint32_t i = 0; i < t->nfield; i++) {
        const sqi_field *f = &t->field[i];
        if (i)
            emit_text(s, sql ? ", " : ",");
        if (t->id == SQI_STRUCT) {
            if (sql)
                emit_name(s, f->name);
            else
                emit(s, f->name.ptr, f->name.len);
            emit_text(s, sql ? ": " : ":");
        }
        print(s, f->type, sql);
        if (sql && t->id == SQI_STRUCT && !f->nullable)
            emit_text(s, " NOT NULL");
    }
    emit(s, ">", 1);
}

static void print(sink *s, const sqi_type *t, bool sql)
{
    emit_word(s, simple_name[t->id], sql);
    switch (t->id) {
    case SQI_DECIMAL:
        emit(s, "(", 1);
        emit_number(s, t->precision);
        emit(s, ",", 1);
        emit_number(s, t->scale);
        emit(s, ")", 1);
        break;
    case SQI_INTERVAL_YM:
    case SQI_INTERVAL_DT:
        emit(s, " ", 1);
        emit_word(s, unit_name[t->precision], sql);
        if (t->scale != t->precision) {
            emit_word(s, " to ", sql);
            emit_word(s, unit_name[t->scale], sql);
        }
        break;
    case SQI_ARRAY:
    case SQI_MAP:
    case SQI_STRUCT:
        print_fields(s, t, sql);
        break;
    default:
        break;
    }
}

bool sqi_type_print(sqi_buf *to, const sqi_type *t)
{
    print(&(sink){.buf = to}, t, false);
    return !to->failed;
}

const char *sqi_type_text(const sqi_type *t, sqi_arena *arena)
{
    sink s = {.to = NULL};
    print(&s, t, false);
    char *text = sqi_arena_get(arena, s.len + 1);
    if (!text)
        return NULL;
    s = (sink){.to = text, .room = s.len};
    print(&s, t, false);
    text[s.len] = '\0';
    return text;
}

bool sqi_type_print_sql(sqi_buf *to, const sqi_type *t)
{
    print(&(sink){.buf = to}, t, true);
    return !to->failed;
}

bool sqi_type_print_name(sqi_buf *to, sqi_span name)
{
    emit_name(&(sink){.buf = to}, name);
    return !to->failed;
}

const char *sqi_type_label(const sqi_type *t, char to[128])
{
    sink s = {.to = to, .room = LABEL_ROOM - 2}; /* the closing quote and NUL always fit */
    emit(&s, "\"", 1);
    print(&s, t, true);
    size_t len = s.len;
    if (len > s.room) {
        len = s.room;
        while (((unsigned char)to[len - 3] & 0xc0) == 0x80) /* never inside a character */
            len--;
        memcpy(to + len - 3, "...", 3);
    }
    to[len] = '"';
    to[len + 1] = '\0';
    return to;
}
