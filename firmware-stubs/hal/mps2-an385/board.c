/* The device on an mps2-an385 (Arm AN385, Cortex-M3 at 25 MHz), as QEMU emulates it. */
#include <math.h>
#include <stdint.h>

#include "ah_device.h"

#define CLOCK_HZ 25000000u
#ifndef BAUD
#define BAUD 921600u
#endif

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define SYSTICK_CONTROL REGISTER(0xe000e010u)
#define SYSTICK_RELOAD REGISTER(0xe000e014u)
#define SYSTICK_VALUE REGISTER(0xe000e018u)
#define NVIC_ENABLE REGISTER(0xe000e100u)
#define SCB_RESET REGISTER(0xe000ed0cu)

#define UART_DATA REGISTER(0x40004000u)
#define UART_STATE REGISTER(0x40004004u)
#define UART_CONTROL REGISTER(0x40004008u)
#define UART_INTERRUPT REGISTER(0x4000400cu)
#define UART_DIVIDER REGISTER(0x40004010u)
#define UART_TX_FULL 1u
#define UART_RX_FULL 2u
#define UART_SENT 1u
#define UART_RECEIVED 2u

#define RX_SIZE 16384u /* more than the windows of all channels together */

#define KEPT_MAGIC 0x41484b31u
#define CRASH_MAGIC 0x43524153u

typedef struct {
    uint32_t magic;
    uint32_t crashed;
    ah_kept kept;
    uint32_t sum;
} kept_memory;

static kept_memory memory __attribute__((section(".kept")));
static ah_device device;
static volatile uint32_t milliseconds;
static volatile int32_t drive;
static bool running;

static uint8_t rx[RX_SIZE];
static volatile uint32_t rx_in;
static volatile uint32_t rx_out;
static uint8_t tx[AH_FRAME_WIRE_MAX];
static volatile uint32_t tx_count;
static volatile uint32_t tx_at;

void systick(void);
void uart_received(void);
void uart_sent(void);
void board_crashed(void);
int main(void);

void systick(void)
{
    milliseconds++;
    if (running) {
        ah_guard_tick(&device.guard, milliseconds);
    }
}

void uart_received(void)
{
    UART_INTERRUPT = UART_RECEIVED;
    while (UART_STATE & UART_RX_FULL) {
        uint8_t byte = (uint8_t)UART_DATA;
        if (rx_in - rx_out < RX_SIZE) {
            rx[rx_in % RX_SIZE] = byte;
            rx_in++;
        }
    }
}

static void fill_uart(void)
{
    while (tx_at < tx_count && !(UART_STATE & UART_TX_FULL)) {
        UART_DATA = tx[tx_at++];
    }
}

void uart_sent(void)
{
    UART_INTERRUPT = UART_SENT;
    fill_uart();
}

static void restart(void)
{
    __asm volatile("dsb" ::: "memory");
    SCB_RESET = 0x05fa0004u;
    for (;;) {
    }
}

void board_crashed(void)
{
    drive = 0;
    memory.crashed = CRASH_MAGIC;
    restart();
}

uint32_t ah_board_milliseconds(void)
{
    return milliseconds;
}

uint64_t ah_board_microseconds(void)
{
    uint32_t before;
    uint32_t value;
    do {
        before = milliseconds;
        value = SYSTICK_VALUE;
    } while (before != milliseconds);
    return (uint64_t)before * 1000u + (CLOCK_HZ / 1000u - 1u - value) / (CLOCK_HZ / 1000000u);
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

static uint32_t sum_of(const ah_kept *kept)
{
    return KEPT_MAGIC ^ kept->boots * 2654435761u ^ (uint32_t)kept->epoch ^ (uint32_t)((uint64_t)kept->epoch >> 32) * 40503u;
}

bool ah_board_load(ah_kept *kept)
{
    bool good = memory.magic == KEPT_MAGIC && memory.sum == sum_of(&memory.kept);
    if (good) {
        *kept = memory.kept;
    }
    return good;
}

void ah_board_store(const ah_kept *kept)
{
    memory.magic = KEPT_MAGIC;
    memory.kept = *kept;
    memory.sum = sum_of(kept);
}

uint32_t ah_board_entropy(void)
{
    return SYSTICK_VALUE;
}

bool ah_board_crashed(void)
{
    bool crashed = memory.crashed == CRASH_MAGIC;
    memory.crashed = 0;
    return crashed;
}

static bool receive(void)
{
    bool any = false;
    while (rx_out != rx_in) {
        uint32_t from = rx_out % RX_SIZE;
        uint32_t count = rx_in - rx_out;
        count = count > RX_SIZE - from ? RX_SIZE - from : count;
        ah_device_receive(&device, rx + from, count);
        rx_out += count;
        any = true;
    }
    return any;
}

static bool transmit(void)
{
    uint32_t count;
    if (tx_at < tx_count) {
        return false;
    }
    count = (uint32_t)ah_device_transmit(&device, tx);
    if (count == 0) {
        return false;
    }
    __asm volatile("cpsid i" ::: "memory");
    tx_at = 0;
    tx_count = count;
    fill_uart();
    __asm volatile("cpsie i" ::: "memory");
    return true;
}

/* Sleeps until an interrupt, unless one brought work since it was looked for: interrupts are held back, and wake the core all the same. */
static void sleep(void)
{
    __asm volatile("cpsid i" ::: "memory");
    if (rx_in == rx_out) {
        __asm volatile("dsb\n\twfi" ::: "memory");
    }
    __asm volatile("cpsie i" ::: "memory");
}

int main(void)
{
    ah_truth truth = { 0 };
    truth.architecture = AH_BUILD_ARCHITECTURE;
    truth.value[AH_TRUTH_PHOTONS_PER_MAC] = 1;
    truth.value[AH_TRUTH_CHANNEL_POWER] = 1;
    truth.value[AH_TRUTH_SEED] = 1;
    ah_architecture_of(truth.architecture)->defaults(&truth);
    SYSTICK_RELOAD = CLOCK_HZ / 1000u - 1u;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 7u;
    ah_device_init(&device, &truth, "MPS2-AN385-1");
    running = true;
    UART_DIVIDER = CLOCK_HZ / BAUD;
    UART_CONTROL = 15u; /* transmit, receive, both interrupts */
    NVIC_ENABLE = 3u;
    for (;;) {
        bool busy = receive();
        busy = ah_device_poll(&device) || busy;
        busy = transmit() || busy;
        if (ah_device_wants_reboot(&device)) {
            restart();
        }
        if (!busy) {
            sleep();
        }
    }
}
