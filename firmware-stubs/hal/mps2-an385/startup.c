/* Vector table and start-up of the Cortex-M3 on mps2-an385. */
#include <stdint.h>
#include <string.h>

extern uint32_t stack_top[];
extern uint8_t data_start[];
extern uint8_t data_end[];
extern uint8_t data_load[];
extern uint8_t bss_start[];
extern uint8_t bss_end[];

int main(void);
void board_crashed(void);
void systick(void);
void uart_received(void);
void uart_sent(void);

void reset(void);

void reset(void)
{
    memcpy(data_start, data_load, (size_t)(data_end - data_start));
    memset(bss_start, 0, (size_t)(bss_end - bss_start));
    (void)main();
    board_crashed();
}

typedef void (*vector)(void);

typedef struct {
    uint32_t *stack;
    vector handlers[15 + 2];
} vectors;

/* The core's fifteen exceptions, then interrupts 0 (UART 0 received) and 1 (UART 0 sent). */
const vectors vector_table __attribute__((section(".vectors"), used)) = {
    stack_top,
    {
        reset, board_crashed, board_crashed, board_crashed, board_crashed, board_crashed, 0, 0, 0, 0,
        board_crashed, board_crashed, 0, board_crashed, systick, uart_received, uart_sent,
    },
};
