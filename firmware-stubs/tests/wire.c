#include "wire.h"

#include "check.h"

void wire_init(wire_line *line, const wire_faults *faults, double baud, uint64_t delay, unsigned long long *random)
{
    memset(line, 0, sizeof *line);
    line->faults = faults;
    line->random = random;
    line->microseconds_per_byte = 1e7 / baud;
    line->delay = delay;
}

static bool happens(wire_line *line, double share)
{
    return share > 0 && test_uniform(line->random) < share;
}

static unsigned below(wire_line *line, unsigned limit)
{
    return (unsigned)(test_random(line->random) % limit);
}

static void damage(wire_line *line, wire_frame *frame)
{
    const wire_faults *faults = line->faults;
    if (happens(line, faults->corrupt)) {
        unsigned flips = 1 + below(line, 12);
        while (flips-- > 0) {
            frame->bytes[below(line, (unsigned)frame->count)] ^= (uint8_t)(1u << below(line, 8));
        }
    }
    if (happens(line, faults->truncate)) {
        size_t gone = 1 + below(line, (unsigned)frame->count - 1);
        if (below(line, 2) == 0) {
            memmove(frame->bytes, frame->bytes + gone, frame->count - gone);
        }
        frame->count -= gone;
    }
    if (happens(line, faults->insert)) {
        size_t more = 1 + below(line, 32);
        size_t at = below(line, (unsigned)frame->count + 1);
        memmove(frame->bytes + at + more, frame->bytes + at, frame->count - at);
        for (size_t i = 0; i < more; i++) {
            frame->bytes[at + i] = (uint8_t)test_random(line->random);
        }
        frame->count += more;
    }
}

static void put(wire_line *line, const uint8_t *bytes, size_t count, uint64_t at)
{
    wire_frame *frame;
    if (happens(line, line->faults->loss) || line->count == WIRE_FLIGHT) {
        return;
    }
    if (happens(line, line->faults->reorder)) {
        at += 1 + below(line, 30000);
    }
    frame = &line->flight[line->count++];
    frame->at = at;
    frame->number = line->numbers++;
    frame->count = count;
    memcpy(frame->bytes, bytes, count);
    damage(line, frame);
}

void wire_send(wire_line *line, const uint8_t *bytes, size_t count, uint64_t now)
{
    uint64_t took = (uint64_t)((double)count * line->microseconds_per_byte + 0.5);
    line->free_at = now + took;
    if (happens(line, line->faults->stall)) {
        line->free_at += below(line, 50000);
    }
    if (happens(line, line->faults->unplug)) {
        line->count = 0;
        line->dead_until = now + below(line, below(line, 8) == 0 ? 6000000 : 300000);
        line->unplugged = true;
    }
    if (now < line->dead_until) {
        return;
    }
    put(line, bytes, count, line->free_at + line->delay);
    if (happens(line, line->faults->duplicate)) {
        put(line, bytes, count, line->free_at + line->delay + below(line, 20000));
    }
}

static int first_of(const wire_line *line)
{
    int first = -1;
    for (unsigned i = 0; i < line->count; i++) {
        const wire_frame *frame = &line->flight[i];
        if (first < 0 || frame->at < line->flight[first].at
            || (frame->at == line->flight[first].at && frame->number < line->flight[first].number)) {
            first = (int)i;
        }
    }
    return first;
}

uint64_t wire_next(const wire_line *line)
{
    int first = first_of(line);
    return first < 0 ? UINT64_MAX : line->flight[first].at;
}

const wire_frame *wire_take(wire_line *line, uint64_t now)
{
    static wire_frame taken;
    int first = first_of(line);
    if (first < 0 || line->flight[first].at > now) {
        return NULL;
    }
    taken = line->flight[first];
    line->flight[first] = line->flight[--line->count];
    return &taken;
}
