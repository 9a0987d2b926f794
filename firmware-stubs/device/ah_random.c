#include "ah_random.h"

#include <math.h>

#define LAYERS 128

/* Right edge of the base layer and area of every layer, for 128 layers. */
#define TAIL 3.442619855899
#define AREA 9.91256303526217e-3

static float edge[LAYERS + 1];   /* right edges, falling; edge[LAYERS] = 0 */
static float height[LAYERS + 1]; /* density at the edges */
static float inside[LAYERS];     /* part of a layer that lies below the density everywhere */

static uint64_t mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

void ah_random_seed(ah_random *random, uint64_t seed, uint32_t stream)
{
    uint64_t state = seed ^ mix(&(uint64_t){ stream });
    uint64_t a = mix(&state);
    uint64_t b = mix(&state);
    random->word[0] = (uint32_t)a;
    random->word[1] = (uint32_t)(a >> 32);
    random->word[2] = (uint32_t)b;
    random->word[3] = (uint32_t)(b >> 32) | 1u; /* never all zero */
}

static uint32_t left(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

uint32_t ah_random_next(ah_random *random)
{
    uint32_t *s = random->word;
    uint32_t result = left(s[0] + s[3], 7) + s[0];
    uint32_t t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = left(s[3], 11);
    return result;
}

float ah_random_uniform(ah_random *random)
{
    return ((float)(ah_random_next(random) >> 9) + 0.5f) * (1.0f / 8388608.0f);
}

void ah_random_prepare(void)
{
    double x = TAIL;
    double f = exp(-0.5 * x * x);
    edge[0] = (float)(AREA / f); /* the base layer is a rectangle with the tail's area added to its width */
    edge[1] = (float)x;
    height[0] = 0;
    height[1] = (float)f;
    for (int i = 2; i < LAYERS; i++) {
        x = sqrt(-2 * log(AREA / x + f));
        f = exp(-0.5 * x * x);
        edge[i] = (float)x;
        height[i] = (float)f;
    }
    edge[LAYERS] = 0;
    height[LAYERS] = 1;
    for (int i = 0; i < LAYERS; i++) {
        inside[i] = edge[i + 1] / edge[i];
    }
}

static float tail(ah_random *random)
{
    float x;
    float y;
    do {
        x = -logf(ah_random_uniform(random)) / (float)TAIL;
        y = -logf(ah_random_uniform(random));
    } while (y + y < x * x);
    return (float)TAIL + x;
}

float ah_random_normal(ah_random *random)
{
    for (;;) {
        /* Bits 0-6 choose the layer, bit 7 the sign, bits 8-31 the place: no bit is used twice. */
        uint32_t bits = ah_random_next(random);
        uint32_t layer = bits & (LAYERS - 1);
        float sign = bits & LAYERS ? -1.0f : 1.0f;
        float place = (float)(bits >> 8) * (1.0f / 16777216.0f);
        float x = place * edge[layer];
        if (place < inside[layer]) {
            return sign * x;
        }
        if (layer == 0) {
            return sign * tail(random);
        }
        if (height[layer] + ah_random_uniform(random) * (height[layer + 1] - height[layer]) < expf(-0.5f * x * x)) {
            return sign * x;
        }
    }
}
