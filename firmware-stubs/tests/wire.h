#ifndef WIRE_H
#define WIRE_H

#include "ah_link.h"

/* How a line fails, per frame; shares in [0, 1]. */
typedef struct {
    const char *name;
    double loss;
    double duplicate;
    double reorder;
    double corrupt;
    double truncate;
    double insert;
    double stall;  /* the line is silent for up to 50 ms, then goes on */
    double unplug; /* everything on the way is gone, and the line for up to 300 ms, one time in eight for up to 6 s */
} wire_faults;

typedef struct {
    uint64_t at;
    uint64_t number; /* keeps the order of frames that arrive at the same time */
    size_t count;
    uint8_t bytes[AH_FRAME_WIRE_MAX + 64];
} wire_frame;

#define WIRE_FLIGHT 256

/* One direction of a serial line in virtual time: 10 bits a byte, a delay, and its faults. */
typedef struct {
    const wire_faults *faults;
    unsigned long long *random;
    double microseconds_per_byte;
    uint64_t delay;
    uint64_t free_at;
    uint64_t dead_until;
    uint64_t numbers;
    bool unplugged; /* set at every cut, for the test to clear */
    unsigned count;
    wire_frame flight[WIRE_FLIGHT];
} wire_line;

void wire_init(wire_line *line, const wire_faults *faults, double baud, uint64_t delay, unsigned long long *random);
void wire_send(wire_line *line, const uint8_t *bytes, size_t count, uint64_t now);
uint64_t wire_next(const wire_line *line);
const wire_frame *wire_take(wire_line *line, uint64_t now);

#endif
