/* The device as a process: its UART is a pseudo-terminal of its own, or a terminal that is given. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "ah_device.h"
#include "process_clock.h"

static ah_device device;
static ah_kept kept;
static bool has_kept;
static const char *keep_path;
static int32_t drive;
static uint32_t watchdog_ms = AH_WATCHDOG_MS;
static volatile sig_atomic_t stopped;
static volatile sig_atomic_t unplugged;
static volatile sig_atomic_t reset;
static int other_end = -1;

static ah_process_clock process_clock;

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
    return drive;
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
    return false;
}

static void take_signal(int signal)
{
    if (signal == SIGUSR1) {
        unplugged = 1;
    } else if (signal == SIGUSR2) {
        reset = 1;
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

static void fail(const char *what)
{
    fprintf(stderr, "analoghil-fw-posix: %s: %s\n", what, strerror(errno));
    exit(71);
}

static void make_raw(int fd)
{
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0) {
        fail("no terminal");
    }
    settings.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON | IXOFF | INLCR | IGNCR | PARMRK);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    settings.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    settings.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    settings.c_cflag |= CS8 | CREAD | CLOCAL;
    settings.c_cc[VMIN] = 0;
    settings.c_cc[VTIME] = 0;
    if (tcsetattr(fd, TCSANOW, &settings) != 0) {
        fail("cannot make the terminal raw");
    }
}

/* Opens a pty and prints where its other end is; that end is held open too, so that hosts may come and go. */
static int open_pty(const char *link_path)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    const char *path;
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || (path = ptsname(fd)) == NULL) {
        fail("cannot open a pty");
    }
    other_end = open(path, O_RDWR | O_NOCTTY);
    if (other_end < 0) {
        fail(path);
    }
    make_raw(other_end);
    if (link_path != NULL) {
        unlink(link_path);
        if (symlink(path, link_path) != 0) {
            fail(link_path);
        }
    }
    printf("%s\n", path);
    fflush(stdout);
    return fd;
}

/* What a UART takes in before it tells the processor. */
#define FIFO_BYTES 32

/*
 * A line of a given rate: a byte is on the line for its time and arrives at its end. What waits in the pty is on the line from when it was first seen there,
 * or from when the line was through with what came before: a process that is run too late finds in its FIFO what arrived meanwhile.
 */
typedef struct {
    double microseconds_per_byte; /* 0: as fast as it goes */
    bool receiving;
    double read_at;        /* when the line began with the first byte that waits */
    uint64_t read_free_at; /* when it will be through with so many that they are worth a look */
    uint64_t write_done_at;
    uint8_t bytes[AH_FRAME_WIRE_MAX];
    size_t count;
    size_t written;
} uart;

static bool read_line(int fd, uart *u)
{
    uint8_t bytes[4096];
    uint64_t now = ah_board_microseconds();
    size_t most = sizeof bytes;
    ssize_t got;
    if (u->microseconds_per_byte > 0) {
        int waiting = 0;
        double arrived;
        if (ioctl(fd, FIONREAD, &waiting) != 0 || waiting <= 0) {
            u->receiving = false;
            return false;
        }
        if (!u->receiving) {
            u->receiving = true;
            u->read_at = (double)now;
        }
        arrived = ((double)now - u->read_at) / u->microseconds_per_byte;
        if (arrived < waiting && arrived < FIFO_BYTES) {
            u->read_free_at = (uint64_t)(u->read_at + (waiting < FIFO_BYTES ? waiting : FIFO_BYTES) * u->microseconds_per_byte) + 1u;
            return false;
        }
        most = arrived < sizeof bytes ? (size_t)arrived : sizeof bytes;
    }
    got = read(fd, bytes, most);
    if (got <= 0) {
        if (got < 0 && errno != EAGAIN && errno != EINTR) {
            fail("the line is gone");
        }
        return false;
    }
    u->read_at += (double)got * u->microseconds_per_byte;
    ah_device_receive(&device, bytes, (size_t)got);
    return true;
}

static bool write_line(int fd, uart *u)
{
    uint64_t now = ah_board_microseconds();
    ssize_t put;
    if (u->count == 0) {
        u->count = ah_device_transmit(&device, u->bytes);
        u->written = 0;
        if (u->count == 0) {
            return false;
        }
        u->write_done_at = (now - u->write_done_at > 500 ? now : u->write_done_at) + (uint64_t)((double)u->count * u->microseconds_per_byte);
    }
    if (u->microseconds_per_byte > 0 && now < u->write_done_at) {
        return false;
    }
    put = write(fd, u->bytes + u->written, u->count - u->written);
    if (put < 0 && errno != EAGAIN && errno != EINTR) {
        fail("the line is gone");
    }
    u->written += put > 0 ? (size_t)put : 0;
    if (u->written == u->count) {
        u->count = 0;
    }
    return put > 0;
}

static void wait_for_work(int fd, const uart *u, uint32_t microseconds)
{
    struct timeval limit;
    fd_set readable;
    fd_set writable;
    uint64_t now = ah_board_microseconds();
    bool paced_read = u->receiving && u->read_free_at > now;
    bool paced_write = u->count > 0 && u->microseconds_per_byte > 0 && u->write_done_at > now;
    if (paced_read && u->read_free_at - now < microseconds) {
        microseconds = (uint32_t)(u->read_free_at - now);
    }
    if (paced_write && u->write_done_at - now < microseconds) {
        microseconds = (uint32_t)(u->write_done_at - now);
    }
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    if (!paced_read) {
        FD_SET(fd, &readable);
    }
    if (u->count > 0 && !paced_write) {
        FD_SET(fd, &writable);
    }
    limit.tv_sec = microseconds / 1000000;
    limit.tv_usec = microseconds % 1000000;
    (void)select(fd + 1, &readable, &writable, NULL, &limit);
}

static void make_non_blocking(int fd)
{
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        fail("cannot make the line non-blocking");
    }
}

/* Pulls the cable and plugs it in again: the host hangs up, the device goes on behind a new pty. */
static int replug(int fd, const char *link_path)
{
    close(other_end);
    close(fd);
    unplugged = 0;
    fd = open_pty(link_path);
    make_non_blocking(fd);
    return fd;
}

/* Serves the line until the device is to restart, the cable is pulled, or the process is to end. */
static void run(int fd, double baud)
{
    static uart u;
    memset(&u, 0, sizeof u);
    u.microseconds_per_byte = baud > 0 ? 1e7 / baud : 0;
    while (!stopped && !unplugged && !reset && !ah_device_wants_reboot(&device)) {
        uint32_t idle;
        bool busy;
        (void)ah_board_microseconds();
        while (ah_process_clock_tick(&process_clock)) {
            ah_guard_tick(&device.guard, ah_board_milliseconds());
        }
        busy = read_line(fd, &u);
        busy = ah_device_poll(&device) || busy;
        busy = write_line(fd, &u) || busy;
        if (busy) {
            continue;
        }
        idle = ah_device_idle_time(&device);
        wait_for_work(fd, &u, device.guard.state == AH_STATE_ARMED && idle > 1000 ? 1000 : u.count > 0 && idle == 0 ? 1000 : idle > 10000 ? 10000 : idle);
    }
}

static int usage(const char *problem)
{
    fprintf(stderr,
            "%s%susage: analoghil-fw-posix [--architecture crossbar|homodyne|broadcast-and-weight] [--seed N] [--uid TEXT]\n"
            "                          [--truth NAME=VALUE]... [--keep FILE] [--pace BAUD] [--watchdog MS]\n"
            "                          [--link PATH | --port TERMINAL]\n"
            "Opens a pty and prints its path (--link makes a symbolic link to it), or serves the terminal given with --port.\n"
            "SIGUSR1 pulls the cable of its own pty and plugs it in again (a new path); SIGUSR2 resets the device; SIGTERM ends it.\n"
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
            keep_path = value;
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
    listen_for(SIGUSR1);
    listen_for(SIGUSR2);
    fd = port != NULL ? open(port, O_RDWR | O_NOCTTY) : open_pty(link_path);
    if (fd < 0) {
        fail(port);
    }
    if (port != NULL) {
        make_raw(fd);
    }
    make_non_blocking(fd);
    while (!stopped) {
        /* A device that starts has no ticks to make up for: its time begins where both timers show the same. */
        (void)ah_board_microseconds();
        while (ah_process_clock_tick(&process_clock)) {
        }
        ah_device_init(&device, &truth, uid != NULL ? uid : own_uid);
        device.guard.watchdog_ms = watchdog_ms;
        reset = 0;
        run(fd, baud);
        while (unplugged && port == NULL) {
            fd = replug(fd, link_path);
            run(fd, baud);
        }
    }
    ah_board_set_drive(0);
    if (link_path != NULL) {
        unlink(link_path);
    }
    return 0;
}
