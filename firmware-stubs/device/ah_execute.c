#include "ah_execute.h"

#include <math.h>

#include "ah_crc32c.h"
#include "ah_declared.h"
#include "ah_refuse.h"

/* Rounding in the host's scaling may pass the limits by this much; it is driven at the limit. */
#define TOLERANCE 1e-5f

/* Flags of ExecuteOpen. */
#define WITH_VARIANCE 1u
#define WITH_OPERAND 2u

static float steps_of(const ah_architecture *architecture)
{
    return (float)((1 << (architecture->signed_inputs ? architecture->dac_bits - 1 : architecture->dac_bits)) - 1);
}

uint16_t ah_execution_open(ah_execution *execution, const ah_analog *analog, const ah_execute_open *open, ah_refusal *refusal)
{
    const ah_block *block = ah_program_find(analog->program, open->block);
    execution->run = AH_RUN_NONE;
    if (block == NULL) {
        return ah_refuse(refusal, AH_STATUS_NOT_PROGRAMMED, open->block, 0, 0);
    }
    if (open->vectors < 1 || open->vectors > AH_VECTORS) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, open->vectors, AH_VECTORS, 0);
    }
    if (open->encoding > AH_ENCODING_I8 || (open->encoding == AH_ENCODING_I8 && analog->architecture->dac_bits > 8)) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, open->encoding, AH_ENCODING_I16, 1);
    }
    if ((open->flags & WITH_OPERAND) != 0 && !(analog->architecture->rewritable && analog->architecture->signed_inputs)) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, open->flags, WITH_VARIANCE, 2);
    }
    execution->block = block;
    execution->settings = ah_banks_of(analog->banks, open->block);
    execution->encoding = open->encoding;
    execution->wants_variance = (open->flags & WITH_VARIANCE) != 0;
    execution->has_operand = (open->flags & WITH_OPERAND) != 0;
    execution->vectors = open->vectors;
    execution->inputs = 0;
    execution->elements = 0;
    execution->run = AH_RUN_OPEN;
    return AH_STATUS_OK;
}

/* Input i of a run as code of the converter; NaN for what is outside it. */
static float code_at(const uint8_t *at, uint32_t i, uint8_t encoding, const ah_architecture *architecture)
{
    float steps = steps_of(architecture);
    float lowest = architecture->signed_inputs ? -1.0f : 0.0f;
    float code;
    if (encoding == AH_ENCODING_F32) {
        float u = ah_get_f32(at + 4 * i);
        if (!(u >= lowest - TOLERANCE && u <= 1 + TOLERANCE)) {
            return NAN;
        }
        u = u < lowest ? lowest : u > 1 ? 1 : u;
        return rintf(u * steps);
    }
    if (encoding == AH_ENCODING_I16) {
        uint16_t bits = ah_get_u16(at + 2 * i);
        code = (float)(bits >= 0x8000u ? (int32_t)bits - 0x10000 : (int32_t)bits);
    } else {
        uint8_t bits = at[i];
        code = (float)(architecture->signed_inputs && bits >= 0x80u ? (int32_t)bits - 0x100 : (int32_t)bits);
    }
    return code < lowest * steps || code > steps ? NAN : code;
}

/* A run of converted values, of which `taken` of `all` have arrived. */
static uint16_t take_run(
    const ah_execution *execution, const ah_architecture *architecture, const uint8_t *body, uint16_t length, float *to, uint32_t *taken, uint32_t all,
    ah_refusal *refusal)
{
    static const uint8_t size_of[] = { 4, 2, 1 };
    ah_execute_inputs given;
    uint32_t expected;
    float scale = 1 / steps_of(architecture);
    ah_get_execute_inputs(body, &given);
    if (execution->run != AH_RUN_OPEN || given.first != *taken) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, given.first, execution->run == AH_RUN_OPEN ? *taken : 0, 0);
    }
    if (given.count > all - given.first) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given.count, all - given.first, 0);
    }
    expected = AH_EXECUTE_INPUTS_SIZE + given.count * size_of[execution->encoding];
    if (length != expected) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, length, expected, 0);
    }
    for (uint32_t i = 0; i < given.count; i++) {
        float code = code_at(body + AH_EXECUTE_INPUTS_SIZE, i, execution->encoding, architecture);
        if (isnan(code)) {
            return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, NAN, 1, given.first + i);
        }
        to[given.first + i] = code * scale;
    }
    *taken += given.count;
    return AH_STATUS_OK;
}

uint16_t ah_execution_take(ah_execution *execution, const ah_analog *analog, const uint8_t *body, uint16_t length, ah_refusal *refusal)
{
    uint32_t all = execution->run == AH_RUN_OPEN ? execution->vectors * execution->block->rows : 0;
    return take_run(execution, analog->architecture, body, length, execution->driven, &execution->inputs, all, refusal);
}

uint16_t ah_execution_take_operand(ah_execution *execution, const ah_analog *analog, const uint8_t *body, uint16_t length, ah_refusal *refusal)
{
    uint32_t all = execution->run == AH_RUN_OPEN && execution->has_operand ? (uint32_t)execution->block->rows * execution->block->columns : 0;
    return take_run(execution, analog->architecture, body, length, execution->operand, &execution->elements, all, refusal);
}

static uint16_t repeats_of(const ah_execution *execution, uint32_t column)
{
    const ah_bank_entry *settings = execution->settings;
    return settings == NULL ? 1 : settings->repeats[settings->count == 1 ? 0 : column];
}

static bool accumulates(const ah_execution *execution)
{
    return execution->settings != NULL && execution->settings->mode == AH_MODE_ACCUMULATE_THEN_READ;
}

/* The weights of one row of the running call: the block's own in one of its copies, or the operand's. */
static const float *weights_of(const ah_execution *execution, const ah_analog *analog, uint16_t copy, uint32_t row)
{
    const ah_placement *at = &execution->block->at[copy];
    return execution->has_operand ? &execution->operand[row * execution->block->columns] : &analog->program->cells[at->tile][at->row + row][at->column];
}

uint16_t ah_execution_run(ah_execution *execution, const ah_analog *analog, ah_refusal *refusal)
{
    const ah_block *block = execution->block;
    uint32_t all = execution->run == AH_RUN_OPEN ? execution->vectors * block->rows : 1;
    uint32_t elements = execution->run == AH_RUN_OPEN && execution->has_operand ? (uint32_t)block->rows * block->columns : 0;
    uint64_t reads = 0;
    if (execution->run != AH_RUN_OPEN || execution->inputs != all) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, execution->inputs, all, 0);
    }
    if (execution->elements != elements) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, execution->elements, elements, 1);
    }
    execution->slowest = 1;
    for (uint32_t column = 0; column < block->columns; column++) {
        uint32_t repeats = repeats_of(execution, column);
        reads += repeats;
        execution->slowest = repeats > execution->slowest ? repeats : execution->slowest;
    }
    for (uint16_t copy = 0; copy < block->copies; copy++) {
        for (uint32_t column = 0; column < block->columns; column++) {
            double squared = 0;
            for (uint32_t row = 0; row < block->rows; row++) {
                double weight = weights_of(execution, analog, copy, row)[column];
                squared += weight * weight;
            }
            analog->architecture->noise(analog->truth, block->rows, squared, analog->drive, &execution->noise[copy][column]);
        }
    }
    memset(&execution->result, 0, sizeof execution->result);
    execution->result.reads = reads * execution->vectors * block->copies;
    execution->result.outputs = execution->vectors * block->columns;
    execution->result.device_ns = (uint64_t)(AH_SETTLING_NS + (double)execution->vectors * execution->slowest * AH_READ_NS + 0.5);
    execution->vector = 0;
    execution->copy = 0;
    execution->column = -1;
    execution->run = AH_RUN_RUNNING;
    return AH_STATUS_OK;
}

static void multiply(ah_execution *execution, const ah_analog *analog)
{
    const ah_block *block = execution->block;
    const float *driven = &execution->driven[execution->vector * block->rows];
    float *product = execution->product;
    execution->squares = 0;
    execution->magnitudes = 0;
    memset(product, 0, block->columns * sizeof *product);
    for (uint32_t row = 0; row < block->rows; row++) {
        const float *weights = weights_of(execution, analog, execution->copy, row);
        float u = driven[row];
        execution->squares += u * u;
        execution->magnitudes += fabsf(u);
        if (u != 0) {
            for (uint32_t column = 0; column < block->columns; column++) {
                product[column] += u * weights[column];
            }
        }
    }
}

/* A value in codes as the converter gives it. */
static int32_t convert(float value, int32_t lowest, int32_t highest, uint32_t weight, uint64_t *saturated)
{
    int32_t code = value <= (float)lowest ? lowest : value >= (float)highest ? highest : (int32_t)lrintf(value);
    *saturated += code <= lowest || code >= highest ? weight : 0;
    return code;
}

static void read_column(ah_execution *execution, const ah_analog *analog)
{
    const ah_block *block = execution->block;
    const ah_placement *at = &block->at[execution->copy];
    uint32_t column = (uint32_t)execution->column;
    const ah_column_noise *noise = &execution->noise[execution->copy][column];
    int32_t highest = (1 << (analog->architecture->adc_bits - 1)) - 1;
    float step = (float)(analog->architecture->adc_full_scale / (highest + 1));
    float gain = analog->gain[at->tile][at->column + column] / step;
    float offset = analog->offset[at->tile][at->column + column] / step;
    float deviation = fabsf(gain)
        * sqrtf(noise->constant + noise->per_square * execution->squares + noise->per_magnitude * execution->magnitudes);
    float signal = execution->product[column];
    uint32_t repeats = repeats_of(execution, column);
    uint32_t output = execution->vector * block->columns + column;
    double mean;
    double variance = NAN;
    if (noise->slow > 0) {
        signal += sqrtf(noise->slow * execution->squares) * ah_random_normal(analog->random);
    }
    signal = gain * signal + offset;
    if (accumulates(execution)) {
        /* The capacitor's charge is divided by K and converted once; a clipped conversion counts for all K reads behind it. */
        double charge = 0;
        for (uint32_t k = 0; k < repeats; k++) {
            charge += signal + deviation * ah_random_normal(analog->random);
        }
        mean = convert((float)(charge / repeats), -highest - 1, highest, repeats, &execution->result.saturated);
    } else {
        ah_accumulator sum;
        ah_accumulator_clear(&sum);
        for (uint32_t k = 0; k < repeats; k++) {
            float value = signal + deviation * ah_random_normal(analog->random);
            ah_accumulator_add(&sum, convert(value, -highest - 1, highest, 1, &execution->result.saturated));
        }
        mean = ah_accumulator_mean(&sum);
        variance = ah_accumulator_variance_of_mean(&sum);
    }
    mean = mean * step / block->copies;
    variance = variance * step * step / ((double)block->copies * block->copies);
    execution->means[output] = (float)(execution->copy == 0 ? mean : execution->means[output] + mean);
    execution->variances[output] = (float)(execution->copy == 0 ? variance : execution->variances[output] + variance);
}

static uint32_t checksum_of(const float *values, uint32_t count)
{
    uint32_t crc = AH_CRC_STANDARD_SEED;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[4];
        ah_put_f32(bytes, values[i]);
        crc = ah_crc32c_update(crc, bytes, sizeof bytes);
    }
    return ~crc;
}

bool ah_execution_slice(ah_execution *execution, const ah_analog *analog)
{
    const ah_block *block = execution->block;
    uint32_t work = 0;
    while (work < AH_SLICE) {
        if (execution->column < 0) {
            multiply(execution, analog);
            work += (uint32_t)block->rows * block->columns;
            execution->column = 0;
            continue;
        }
        read_column(execution, analog);
        work += 8u + repeats_of(execution, (uint32_t)execution->column);
        if (++execution->column < block->columns) {
            continue;
        }
        execution->column = -1;
        if (++execution->copy < block->copies) {
            continue;
        }
        execution->copy = 0;
        if (++execution->vector == execution->vectors) {
            execution->result.checksum = checksum_of(execution->means, execution->result.outputs);
            execution->run = AH_RUN_DONE;
            return true;
        }
    }
    return false;
}

double ah_execution_energy(const ah_execution *execution)
{
    const ah_block *block = execution->block;
    double conversions = accumulates(execution) ? (double)execution->vectors * block->columns * block->copies : (double)execution->result.reads;
    return (double)execution->result.reads * block->rows * AH_ENERGY_MAC + conversions * AH_ENERGY_ADC
        + (double)execution->vectors * block->rows * block->copies * AH_ENERGY_DAC;
}
