using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>
/// Resistive crossbar. A weight g is a pair of conductances with G+ - G- = g Gmax; an input u is a voltage u Vread; a column's receiver
/// measures I = sum (G+ - G-) V, so one dot-product unit is the current Gmax Vread.
/// </summary>
public sealed record CrossbarPhysics : TilePhysics
{
    /// <summary>Gmax, largest conductance of one device, microsiemens.</summary>
    /// <value>25</value>
    public double MaxConductanceMicrosiemens { get; init; } = 25;

    /// <summary>Vread, voltage of a full-scale input, volts.</summary>
    /// <value>0.2</value>
    public double ReadVolts { get; init; } = 0.2;

    /// <summary>Read noise of one device, microsiemens rms, independent of its conductance.</summary>
    public double ReadNoiseMicrosiemens { get; init; }

    /// <summary>Part of the read noise variance that is slower than the K reads of a vector (1/f and telegraph noise), in [0, 1].</summary>
    public double SlowFraction { get; init; }

    /// <summary>Input-referred noise current of a column's receiver, nanoamperes rms in one tile read.</summary>
    public double ReceiverNoiseNanoamperes { get; init; }

    /// <summary>Error of a device's conductance after programming, microsiemens rms.</summary>
    public double ProgrammingErrorMicrosiemens { get; init; }

    /// <inheritdoc/>
    public override DeviceArchitecture Architecture => DeviceArchitecture.Crossbar;

    /// <inheritdoc/>
    public override bool SignedInputs => true;

    /// <inheritdoc/>
    public override bool RewritableWeights => false;

    /// <inheritdoc/>
    /// <remarks>Shot noise is not in this physics; it is declared so that calibration looks for it and states an upper limit.</remarks>
    public override ImmutableArray<NoiseTerm> PossibleNoise => [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];

    // Two devices a weight, independent errors.
    internal override double ProgrammingError => Math.Sqrt(2) * ProgrammingErrorMicrosiemens / MaxConductanceMicrosiemens;

    private double UnitNanoamperes => MaxConductanceMicrosiemens * ReadVolts * 1000;

    internal override ColumnNoise NoiseOf(int rows, double squaredWeights)
    {
        double unit = UnitNanoamperes;
        double receiver = ReceiverNoiseNanoamperes * ReceiverNoiseNanoamperes;

        // Each driven row adds the noise currents of its two devices: (1000 sigma_G Vread u)^2 each, in nA^2.
        double oneDevice = 1000 * ReadNoiseMicrosiemens * ReadVolts;
        double perSquare = 2 * oneDevice * oneDevice;
        return new ColumnNoise(
            receiver / (unit * unit), (1 - SlowFraction) * perSquare / (unit * unit), 0, SlowFraction * perSquare / (unit * unit));
    }

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows) => term switch
    {
        // Spans: dW = 2 (g from -1 to 1), dx = 2.
        NoiseTerm.Thermal => new(ReceiverNoiseNanoamperes / UnitNanoamperes / (4 * Math.Sqrt(tileRows)), 0),
        NoiseTerm.Weight => new(ReadNoiseMicrosiemens / (Math.Sqrt(2) * MaxConductanceMicrosiemens), SlowFraction),
        _ => default,
    };

    internal override IEnumerable<string> Problems() =>
    [
        .. Check(nameof(MaxConductanceMicrosiemens), MaxConductanceMicrosiemens, 1e-3, 1e4, "uS"),
        .. Check(nameof(ReadVolts), ReadVolts, 1e-3, 5, "V"),
        .. Check(nameof(ReadNoiseMicrosiemens), ReadNoiseMicrosiemens, 0, MaxConductanceMicrosiemens, "uS"),
        .. Check(nameof(SlowFraction), SlowFraction, 0, 1, ""),
        .. Check(nameof(ReceiverNoiseNanoamperes), ReceiverNoiseNanoamperes, 0, 1e9, "nA"),
        .. Check(nameof(ProgrammingErrorMicrosiemens), ProgrammingErrorMicrosiemens, 0, MaxConductanceMicrosiemens, "uS"),
    ];
}
