using AnalogHil.Core.Noise;

namespace AnalogHil.Daemon.Operations;

/// <summary>Names of the noise terms on the wire and in records.</summary>
public static class NoiseTermNames
{
    /// <summary>"thermal", "weight", "shot-balanced" or "shot-direct".</summary>
    public static string Of(NoiseTerm term) => term switch
    {
        NoiseTerm.Thermal => "thermal",
        NoiseTerm.Weight => "weight",
        NoiseTerm.ShotBalanced => "shot-balanced",
        NoiseTerm.ShotDirect => "shot-direct",
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "this noise term has no name yet"),
    };
}
