#ifndef BENCH_H
#define BENCH_H

#include "ah_device.h"
#include "check.h"
#include "fake_board.h"

/* A device on a board in virtual time, without a link: commands are given to it directly. A test ends at the first thing that fails. */
extern ah_device device;
extern uint8_t reply[AH_MAX_PAYLOAD];
extern uint16_t reply_length;

/* Starts the device anew, as this architecture. */
void boot(uint8_t architecture);

/* Gives one command to the device and returns its status; `reply` holds what it answered. */
uint32_t order(uint16_t opcode, int64_t epoch, const void *body, uint16_t length);

/* The same for a command of the first epoch whose body is one number. */
uint32_t word(uint16_t opcode, uint32_t value);

/* Lets time pass, with a tick of the guard each millisecond. */
void tick(unsigned milliseconds);

/* Establishes the epoch, arms, and waits for the ramp. */
void arm(int64_t epoch);

/* Boots a board that keeps nothing, and arms it under epoch 1. */
void fresh(uint8_t architecture);

/* Writes the body of a program_block command and returns its length. */
uint16_t block_body(uint8_t *body, int32_t block, uint16_t rows, uint16_t columns, uint16_t copies, const ah_placement *at);

/* Programs one block with equal weights. */
void program(uint16_t rows, uint16_t columns, uint16_t copies, float weight);

/* Stages and commits K for block 0. */
void repeat(uint8_t mode, uint16_t repeats);

/* Uploads equal inputs and starts an execution of block 0. */
void begin_run(uint32_t vectors, float u);

/* The same up to its end. */
void run(uint32_t vectors, float u);

#endif
