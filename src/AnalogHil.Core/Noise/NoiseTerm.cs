namespace AnalogHil.Core.Noise;

/// <summary>
/// The physical kinds of read noise that calibration separates. All are variances of one read of one dot product y = sum_k g_k u_k on
/// one tile, in the device's full-scale units (weights g in [-1, 1], inputs u in [-1, 1] or [0, 1]); dW and dx are the spans of g and u.
/// </summary>
public enum NoiseTerm
{
    /// <summary>Receiver noise, independent of signal: sigma_t^2 R dW^2 dx^2 per tile read, R the rows of a full tile.</summary>
    Thermal,

    /// <summary>Weight read noise: dW^2 sigma_w^2 sum_k u_k^2 (Garg et al. 2021, eq. 4 and 10).</summary>
    Weight,

    /// <summary>Shot noise, optical power balanced per dot product: sigma_s^2 A X / N_b with A = sum g^2, X = sum u^2 over the N_b rows
    /// driven in the read; sigma_s^2 = 1 / (detected photons per MAC and read) (Garg et al. 2021, eq. 5 and 11).</summary>
    ShotBalanced,

    /// <summary>Direct-detection shot noise, linear in the photocurrent: sigma_s^2 dW^2 dx sum_k |u_k|.</summary>
    ShotDirect,
}
