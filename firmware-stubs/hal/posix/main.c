/* The device as a process: its UART is a pseudo-terminal of its own, or a terminal that is given. */
#define _XOPEN_SOURCE 700

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ah_device.h"
#include "board.h"
#include "terminal.h"
#include "uart.h"

static ah_device device;
static uint32_t watchdog_ms = AH_WATCHDOG_MS;
static volatile sig_atomic_t stopped;
static volatile sig_atomic_t unplugged;
static volatile sig_atomic_t reset;
static volatile sig_atomic_t crashed;
static volatile sig_atomic_t sensor_turns;

static void take_signal(int signal)
{
    if (signal == SIGUSR1) {
        unplugged = 1;
    } else if (signal == SIGUSR2) {
        reset = 1;
    } else if (signal == SIGQUIT) {
        crashed = 1;
        reset = 1;
    } else if (signal == SIGALRM) {
        sensor_turns = 1;
    } else {
        stopped = 1;
    }
}

/* Each time: where signal() forgets its handler with the first one, a second unplugging would end the program. */
static void listen_for(int number)
{
    struct sigaction action = { 0 };
    action.sa_handler = take_signal;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

/* Serves the line until the device is to restart, the cable is pulled, or the process is to end. */
static void run(int fd, double baud)
{
    static ah_uart u;
    memset(&u, 0, sizeof u);
    u.microseconds_per_byte = baud > 0 ? 1e7 / baud : 0;
    while (!stopped && !unplugged && !reset && !ah_device_wants_reboot(&device)) {
        uint32_t idle;
        bool busy;
        if (sensor_turns) {
            sensor_turns = 0;
            ah_posix_turn_sensor();
        }
        (void)ah_board_microseconds();
        while (ah_posix_tick()) {
            ah_guard_tick(&device.guard, ah_board_milliseconds());
        }
        busy = ah_uart_read(fd, &u, &device);
        busy = ah_device_poll(&device) || busy;
        busy = ah_uart_write(fd, &u, &device) || busy;
        if (busy) {
            continue;
        }
        idle = ah_device_idle_time(&device);
        ah_uart_wait(fd, &u, device.guard.state == AH_STATE_ARMED && idle > 1000 ? 1000 : u.count > 0 && idle == 0 ? 1000 : idle > 10000 ? 10000 : idle);
    }
}

static int usage(const char *problem)
{
    fprintf(stderr,
            "%s%susage: analoghil-fw-posix [--architecture crossbar|homodyne|broadcast-and-weight] [--seed N] [--uid TEXT]\n"
            "                          [--truth NAME=VALUE]... [--keep FILE] [--pace BAUD] [--watchdog MS]\n"
            "                          [--link PATH | --port TERMINAL]\n"
            "Opens a pty and prints its path (--link makes a symbolic link to it), or serves the terminal given with --port.\n"
            "SIGUSR1 pulls the cable of its own pty and plugs it in again (a new path); SIGUSR2 resets the device, SIGQUIT as after a\n"
            "processor exception; SIGALRM breaks and mends the sensor of its drive; SIGTERM ends it.\n"
            "--keep keeps the highest fencing epoch over restarts; --pace sends and takes no faster than a line of that rate, 8N1.\n"
            "NAME: gain-spread offset-spread slow-fraction programming-error receiver-noise weight-noise photons-per-mac channel-power\n",
            problem, *problem ? "\n" : "");
    return 64;
}

static bool set_truth(ah_truth *truth, const char *text)
{
    static const char *const names[] = {
        "seed", "gain-spread", "offset-spread", "slow-fraction", "programming-error", "receiver-noise", "weight-noise", "photons-per-mac", "channel-power",
    };
    const char *equals = strchr(text, '=');
    for (unsigned i = 0; equals != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == (size_t)(equals - text) && strncmp(names[i], text, (size_t)(equals - text)) == 0) {
            char *end;
            double low;
            double high;
            truth->value[i] = strtod(equals + 1, &end);
            return *end == 0 && end != equals + 1 && ah_truth_allows((uint16_t)i, truth->value[i], &low, &high);
        }
    }
    return false;
}

int main(int count, char **arguments)
{
    ah_truth truth = { 0 };
    const char *uid = NULL;
    const char *link_path = NULL;
    const char *port = NULL;
    char own_uid[32];
    double baud = 0;
    int fd;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--architecture") == 0) {
            truth.architecture = strcmp(arguments[i + 1], "homodyne") == 0 ? AH_ARCHITECTURE_HOMODYNE
                : strcmp(arguments[i + 1], "broadcast-and-weight") == 0 ? AH_ARCHITECTURE_BROADCAST_AND_WEIGHT : AH_ARCHITECTURE_CROSSBAR;
            if (truth.architecture == AH_ARCHITECTURE_CROSSBAR && strcmp(arguments[i + 1], "crossbar") != 0) {
                return usage("unknown architecture");
            }
        }
    }
    truth.value[AH_TRUTH_PHOTONS_PER_MAC] = 1;
    truth.value[AH_TRUTH_CHANNEL_POWER] = 1;
    truth.value[AH_TRUTH_SEED] = 1;
    ah_architecture_of(truth.architecture)->defaults(&truth);
    for (int i = 1; i < count; i += 2) {
        const char *name = arguments[i];
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;
        if (value == NULL) {
            return usage(strcmp(name, "--help") == 0 ? "" : "an option without a value");
        } else if (strcmp(name, "--seed") == 0) {
            truth.value[AH_TRUTH_SEED] = strtod(value, NULL);
        } else if (strcmp(name, "--uid") == 0) {
            uid = value;
        } else if (strcmp(name, "--keep") == 0) {
            ah_posix_keep_in(value);
        } else if (strcmp(name, "--pace") == 0) {
            baud = strtod(value, NULL);
        } else if (strcmp(name, "--link") == 0) {
            link_path = value;
        } else if (strcmp(name, "--watchdog") == 0) {
            watchdog_ms = (uint32_t)strtoul(value, NULL, 10);
            if (watchdog_ms < 10 || watchdog_ms > 60000) {
                return usage("--watchdog: 10 to 60000 ms");
            }
        } else if (strcmp(name, "--port") == 0) {
            port = value;
        } else if (strcmp(name, "--truth") == 0) {
            if (!set_truth(&truth, value)) {
                return usage("--truth: unknown name, or a value that physics does not allow");
            }
        } else if (strcmp(name, "--architecture") != 0) {
            return usage("unknown option");
        }
    }
    snprintf(own_uid, sizeof own_uid, "POSIX-%u-%.0f", truth.architecture, truth.value[AH_TRUTH_SEED]);
    listen_for(SIGTERM);
    listen_for(SIGINT);
    if (port == NULL) {
        listen_for(SIGUSR1);
    } else {
        (void)signal(SIGUSR1, SIG_IGN); /* whose terminal it is pulls its cable */
    }
    listen_for(SIGUSR2);
    listen_for(SIGQUIT);
    listen_for(SIGALRM);
    fd = port != NULL ? ah_terminal_open(port) : ah_terminal_open_pty(link_path);
    while (!stopped) {
        /* A device that starts has no ticks to make up for: its time begins where both timers show the same. */
        (void)ah_board_microseconds();
        while (ah_posix_tick()) {
        }
        reset = 0;
        if (crashed) {
            reset = 0; /* a signal since the line above sets both, and this start is the one it asks for */
            crashed = 0;
            ah_posix_crash();
        }
        ah_device_init(&device, &truth, uid != NULL ? uid : own_uid);
        device.guard.watchdog_ms = watchdog_ms;
        run(fd, baud);
        while (unplugged && port == NULL) {
            unplugged = 0;
            fd = ah_terminal_replug(fd, link_path);
            run(fd, baud);
        }
    }
    ah_board_set_drive(0);
    if (link_path != NULL) {
        unlink(link_path);
    }
    return 0;
}
