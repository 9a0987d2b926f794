/* The board of a device that is a process: its clock, a drive that is a number, and what it keeps in a file. */
#define _XOPEN_SOURCE 700

#include "board.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ah_board.h"
#include "ah_config.h"
#include "process_clock.h"

static ah_process_clock process_clock;
static ah_kept kept;
static bool has_kept;
static const char *keep_path;
static int32_t drive;
static bool sensor_broken;
static bool crashed;

void ah_posix_keep_in(const char *path)
{
    keep_path = path;
}

bool ah_posix_tick(void)
{
    return ah_process_clock_tick(&process_clock) != 0;
}

void ah_posix_crash(void)
{
    crashed = true;
}

void ah_posix_turn_sensor(void)
{
    sensor_broken = !sensor_broken;
}

uint64_t ah_board_microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ah_process_clock_read(&process_clock, (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u);
}

uint32_t ah_board_milliseconds(void)
{
    return process_clock.ticked_ms;
}

void ah_board_set_drive(int32_t millionths)
{
    drive = millionths;
}

int32_t ah_board_measure_drive(void)
{
    return sensor_broken ? AH_DRIVE_NOMINAL + AH_DRIVE_NOMINAL / 2 : drive;
}

float ah_board_temperature(void)
{
    return NAN;
}

bool ah_board_load(ah_kept *to)
{
    FILE *file;
    if (!has_kept && keep_path != NULL && (file = fopen(keep_path, "rb")) != NULL) {
        has_kept = fread(&kept, sizeof kept, 1, file) == 1;
        fclose(file);
    }
    if (has_kept) {
        *to = kept;
    }
    return has_kept;
}

void ah_board_store(const ah_kept *from)
{
    kept = *from;
    has_kept = true;
    if (keep_path != NULL) {
        char draft[4096];
        FILE *file;
        snprintf(draft, sizeof draft, "%s.new", keep_path);
        file = fopen(draft, "wb");
        if (file == NULL || fwrite(&kept, sizeof kept, 1, file) != 1 || fclose(file) != 0 || rename(draft, keep_path) != 0) {
            fprintf(stderr, "analoghil-fw-posix: cannot keep the epoch in %s: %s\n", keep_path, strerror(errno));
            exit(74);
        }
    }
}

uint32_t ah_board_entropy(void)
{
    return (uint32_t)getpid() * 2654435761u ^ (uint32_t)time(NULL);
}

bool ah_board_crashed(void)
{
    bool was = crashed;
    crashed = false;
    return was;
}
