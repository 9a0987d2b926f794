#ifndef AH_CONFIG_H
#define AH_CONFIG_H

/* Geometry and limits of the build; a target may define its own on the command line. The defaults take 40 MiB: a process, not a controller. */
#ifndef AH_ROWS
#define AH_ROWS 256
#endif
#ifndef AH_COLUMNS
#define AH_COLUMNS 256
#endif
#ifndef AH_TILES
#define AH_TILES 64
#endif
#ifndef AH_BLOCKS
#define AH_BLOCKS 1024
#endif
#ifndef AH_COPIES
#define AH_COPIES 8
#endif
#ifndef AH_VECTORS
#define AH_VECTORS 4096
#endif

/* Unacknowledged frames of a channel; behind a UART that takes a byte at a time, more would keep signs of life waiting behind them. */
#ifndef AH_WINDOW
#define AH_WINDOW AH_MAX_WINDOW
#endif

/* Watchdog of the build; longer than the schema's only where the host itself may be away for so long, as an emulator's on a busy machine is. */
#ifndef AH_WATCHDOG
#define AH_WATCHDOG AH_WATCHDOG_MS
#endif

/* Multiply-accumulates and reads between two looks at the link. */
#ifndef AH_SLICE
#define AH_SLICE 100000
#endif

#ifndef AH_FIRMWARE
#define AH_FIRMWARE "analoghil-stub 1.0"
#endif

/* Drive in millionths of nominal: integers, because the timer interrupt ramps it. */
#define AH_DRIVE_NOMINAL 1000000
#define AH_DRIVE_LOWEST 100000
#define AH_DRIVE_HIGHEST 1000000
#define AH_DRIVE_SLEW_PER_MS 250000
#define AH_DRIVE_TOLERANCE 20000

#endif
