#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* A test ends at its first failed check, with file, line and both values. */
#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);   \
            exit(1);                                                                    \
        }                                                                               \
    } while (0)

#define CHECK_EQUAL(expected, actual)                                                                        \
    do {                                                                                                     \
        long long expected_ = (long long)(expected), actual_ = (long long)(actual);                          \
        if (expected_ != actual_) {                                                                          \
            fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, actual_, expected_); \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* Seeded generator of the tests (splitmix64, Steele et al. 2014). */
static inline unsigned long long test_random(unsigned long long *state)
{
    unsigned long long z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static inline double test_uniform(unsigned long long *state)
{
    return (double)(test_random(state) >> 11) / 9007199254740992.0;
}

/* The number behind an environment variable, for the long runs. */
static inline unsigned long test_amount(const char *variable, unsigned long everyday)
{
    const char *text = getenv(variable);
    return text != NULL && *text != 0 ? strtoul(text, NULL, 10) : everyday;
}

#endif
