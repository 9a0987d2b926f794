namespace AnalogHil.Calibration.Mix;

/// <summary>
/// Shapes of read noise that a mix is separated into. Variance of one read of one dot product y = sum_k g_k u_k, in dot-product units squared;
/// dW and dx are the spans of g and u, R the rows of a full tile, N the rows read, X = sum u^2, A = sum g^2.
/// </summary>
public enum MixTerm
{
    /// <summary>Receiver noise added once a tile read: sigma^2 R dW^2 dx^2; also any other floor that does not depend on the drive.</summary>
    Thermal,

    /// <summary>Receiver noise of every row read: sigma^2 N dW^2 dx^2; told from <see cref="Thermal"/> by blocks of fewer rows.</summary>
    ThermalPerRow,

    /// <summary>Weight read noise: sigma^2 dW^2 X (Garg et al. 2021, eq. 4).</summary>
    Weight,

    /// <summary>Shot noise with the power balanced per dot product: sigma^2 A X / N (eq. 5, 11).</summary>
    ShotBalanced,

    /// <summary>Shot noise of the signal arm at a fixed gain, X / (4 b^2) = sigma^2 X; the same shape as <see cref="Weight"/>.</summary>
    ShotSignal,

    /// <summary>Shot noise of the local oscillator at a fixed gain, A / (4 a^2) = sigma^2 A.</summary>
    ShotOscillator,

    /// <summary>Direct detection, linear in the photocurrent: sigma^2 dW^2 dx sum |u|.</summary>
    ShotDirect,

    /// <summary>Relative intensity (gain) noise: sigma^2 y^2.</summary>
    RelativeIntensity,

    /// <summary>Noise of the input converters: sigma^2 dx^2 A; the same shape as <see cref="ShotOscillator"/>, but common to all columns.</summary>
    Input,
}
