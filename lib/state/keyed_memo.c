/*
 * keyed_memo: see the header. The place of a word is made with one multiplication: words that follow one another, which
 * keys often are, spread evenly. Words chosen to collide only make the memo useless, not the index.
 */
#include "keyed_memo.h"

enum { BITS = 12, CALL_MIN = 256, WINDOW = 1 << 14, REST = 64 };

typedef struct sqi_memo_entry {
    uint64_t word;
    uint32_t row, stamp;
} sqi_memo_entry;

enum { BYTES = sizeof(sqi_memo_entry) << BITS };

void sqi_memo_fini(sqi_memo *m, sqi_alloc *alloc)
{
    sqi_alloc_free(alloc, m->entry, BYTES);
    m->entry = NULL;
}

size_t sqi_memo_bytes(const sqi_memo *m)
{
    return m->entry ? BYTES : 0;
}

void sqi_memo_forget(sqi_memo *m)
{
    if (++m->stamp)
        return;
    m->stamp = 1; /* round once: old stamps would hold again */
    if (m->entry)
        memset(m->entry, 0, BYTES);
}

bool sqi_memo_begin(sqi_memo *m, sqi_alloc *alloc, uint32_t n)
{
    if (n < CALL_MIN)
        return false;
    if (m->rest) {
        m->rest -= m->rest < n ? m->rest : n;
        return false;
    }
    if (!m->entry) {
        m->entry = sqi_alloc_zero(alloc, BYTES);
        m->stamp += m->stamp == 0; /* that of entries never written */
    }
    return m->entry != NULL;
}

static inline size_t place(uint64_t word)
{
    return (size_t)(word * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS));
}

static inline __attribute__((always_inline)) uint64_t word_at(const void *data, uint32_t width, uint32_t i)
{
    return width == 1   ? ((const uint8_t *)data)[i]
           : width == 2 ? ((const uint16_t *)data)[i]
           : width == 4 ? ((const uint32_t *)data)[i]
                        : ((const uint64_t *)data)[i];
}

/* The positions of one block. */
typedef struct span {
    const uint32_t *sel;
    uint32_t begin, n;
} span;

/* Without a branch on hit or miss. */
static inline __attribute__((always_inline)) uint32_t find(const sqi_memo *m, const void *data, uint32_t width,
                                                           bool dense, span s, uint32_t *restrict row,
                                                           uint32_t *restrict miss)
{
    const sqi_memo_entry *entry = m->entry;
    const uint32_t stamp = m->stamp;
    uint32_t missed = 0;
    for (uint32_t k = s.begin; k < s.begin + s.n; k++) {
        uint32_t i = dense ? k : s.sel[k];
        uint64_t word = word_at(data, width, i);
        const sqi_memo_entry *e = &entry[place(word)];
        row[i] = e->row;
        miss[missed] = i;
        missed += ((e->word ^ word) | (e->stamp ^ stamp)) != 0;
    }
    return missed;
}

static inline __attribute__((always_inline)) uint32_t find_width(const sqi_memo *m, const void *data, uint32_t width,
                                                                 span s, uint32_t *row, uint32_t *miss)
{
    return s.sel ? find(m, data, width, false, s, row, miss) : find(m, data, width, true, s, row, miss);
}

uint32_t sqi_memo_find(const sqi_memo *m, sqi_memo_words words, sqi_rows rows, uint32_t begin, uint32_t n,
                       uint32_t *row, uint32_t *miss)
{
    const span s = {rows.sel, begin, n};
    switch (words.width) {
    case 1:
        return find_width(m, words.data, 1, s, row, miss);
    case 2:
        return find_width(m, words.data, 2, s, row, miss);
    case 4:
        return find_width(m, words.data, 4, s, row, miss);
    default:
        return find_width(m, words.data, 8, s, row, miss);
    }
}

void sqi_memo_learn(sqi_memo *m, sqi_memo_words words, const uint32_t *miss, uint32_t n, const uint32_t *row)
{
    for (uint32_t k = 0; k < n; k++) {
        uint64_t word = word_at(words.data, words.width, miss[k]);
        m->entry[place(word)] = (sqi_memo_entry){word, row[miss[k]], m->stamp};
    }
}

void sqi_memo_end(sqi_memo *m, uint32_t n, uint32_t missed)
{
    m->asked += n;
    m->missed += missed;
    if (m->asked < WINDOW)
        return;
    /* With more misses the memo costs what it saves. It looks again after many times what it has looked at. */
    m->rest = m->missed > m->asked / 4 ? (uint64_t)m->asked * REST : 0;
    m->asked = m->missed = 0;
}
