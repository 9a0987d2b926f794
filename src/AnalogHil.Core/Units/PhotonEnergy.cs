using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Units;

/// <summary>Energy of a photon, h c / lambda, from the exact constants of the SI.</summary>
public static class PhotonEnergy
{
    /// <summary>h, J s.</summary>
    public const double PlanckConstant = 6.62607015e-34;

    /// <summary>c in vacuum, m/s.</summary>
    public const double SpeedOfLight = 299_792_458;

    /// <summary>Energy of one photon in joules.</summary>
    /// <param name="wavelength">Vacuum wavelength in metres, above 0; 1550e-9 in the telecom band.</param>
    /// <exception cref="ArgumentOutOfRangeException">The wavelength is not a positive finite number.</exception>
    public static double Joules(double wavelength) => PlanckConstant * SpeedOfLight / Require.Positive(wavelength);

    /// <summary>Energy of one photon in attojoules (1e-18 J), the unit of energies per MAC.</summary>
    /// <inheritdoc cref="Joules" path="/*"/>
    public static double Attojoules(double wavelength) => 1e18 * Joules(wavelength);
}
