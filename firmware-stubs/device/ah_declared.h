#ifndef AH_DECLARED_H
#define AH_DECLARED_H

/* Times and energies that the stubs declare: profile values, not measurements. */
#define AH_SETTLING_NS 1000.0
#define AH_READ_NS 100.0
#define AH_ENERGY_MAC 1e-14
#define AH_ENERGY_ADC 1e-12
#define AH_ENERGY_DAC 1e-13

#endif
