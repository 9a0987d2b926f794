using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>
/// The physics of one tile, in the units of its architecture. Written without the variance laws of Core, so that a wrong law
/// there cannot agree with a wrong device here.
/// </summary>
public abstract record TilePhysics
{
    /// <summary>Family.</summary>
    public abstract DeviceArchitecture Architecture { get; }

    /// <summary>Whether inputs may be negative.</summary>
    public abstract bool SignedInputs { get; }

    /// <summary>Whether weights can be rewritten at the input rate.</summary>
    public abstract bool RewritableWeights { get; }

    /// <summary>Terms that this physics can have.</summary>
    public abstract ImmutableArray<NoiseTerm> PossibleNoise { get; }

    /// <summary>Standard deviation of a programmed weight about its target, in weight units (g in [-1, 1]); drawn per cell and copy when programming.</summary>
    internal abstract double ProgrammingError { get; }

    /// <summary>Noise of one column.</summary>
    /// <param name="rows">Rows driven in the read.</param>
    /// <param name="squaredWeights">sum g^2 over these rows.</param>
    internal abstract ColumnNoise NoiseOf(int rows, double squaredWeights);

    /// <summary>Truth of one term in the convention of <see cref="NoiseTerm"/>.</summary>
    /// <param name="term">One of <see cref="PossibleNoise"/>.</param>
    /// <param name="tileRows">R.</param>
    internal abstract SimulatedTerm TruthOf(NoiseTerm term, int tileRows);

    /// <summary>Truth of one term on a whole device.</summary>
    internal virtual SimulatedTerm TruthOf(NoiseTerm term, SimulatedDeviceOptions options) => TruthOf(term, options.Rows);

    /// <summary>Every parameter that physics does not allow, as messages; none when valid.</summary>
    internal abstract IEnumerable<string> Problems();

    /// <summary>Checks that <paramref name="value"/> lies in [low, high].</summary>
    private protected static IEnumerable<string> Check(string name, double value, double low, double high, string unit)
    {
        if (!(value >= low && value <= high))
        {
            yield return $"{name} is {value} {unit}, allowed is {low} to {high} {unit}";
        }
    }
}
