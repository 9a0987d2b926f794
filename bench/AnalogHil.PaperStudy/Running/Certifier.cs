using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Judges an allocation on examples that nothing was chosen on.</summary>
internal sealed class Certifier(LoadedNetwork network, LawCase law, ReferenceNoiseModel noise)
{
    private const double Wanted = 0.9;
    private const double LargestFactor = 20;
    private const ulong SearchSeed = 0x51DE;
    private const ulong Seed = 0xCE27;

    private bool[]? _clean;

    /// <summary>psi of an allocation on the search split, one draw, against the network the noise is added to.</summary>
    public double Discordance(EnergyPoint point, CancellationToken cancellationToken)
    {
        bool[] clean = Judging.Run(network.For(law), network.Search, null, 0, cancellationToken);
        bool[] noisy = Judging.Run(NetworkOf(point), network.Search, NoiseOf(point), SearchSeed, cancellationToken);
        return PairedCounts.Of(clean, noisy).Discordance;
    }

    /// <summary>Drop at the equal-drop energy, and the claim "loses less than that" at an energy chosen on the search split alone.</summary>
    /// <param name="family">The method's allocations.</param>
    /// <param name="found">Its energy at equal drop.</param>
    /// <param name="discordance">psi there, on the search split.</param>
    /// <param name="largest">Largest E that may be asked for.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public CertificationResult Run(IEnergyFamily family, FixedSetEnergy found, double discordance, double largest, CancellationToken cancellationToken)
    {
        PairedCounts at = Count(found.Point, Seed, cancellationToken);
        Interval limits = TangoInterval.Of(at, 0.95);
        var result = new CertificationResult(
            (int)at.Total, at.Drop, limits.Low, limits.High, at.Discordance, null, null, null, "none");
        double? energy = found.Reached ? ClaimEnergy(found, discordance, cancellationToken) : null;
        if (energy is not { } claim || claim > largest)
        {
            return result;
        }

        EnergyPoint point = family.At(claim);
        NonInferiorityResult verdict = NonInferiority.Decide(Count(point, Seed + 1, cancellationToken), found.Drop);
        return result with
        {
            ClaimEnergy = point.MeanEnergy,
            ClaimDrop = verdict.Drop,
            ClaimHigh = verdict.Limits.High,
            Verdict = verdict.Verdict.ToString().ToUpperInvariant(),
        };
    }

    // Near its energy the drop goes as a power of E, and psi as the root of that; the certification itself assumes neither.
    private double? ClaimEnergy(FixedSetEnergy found, double discordance, CancellationToken cancellationToken)
    {
        double power = Math.Clamp(-found.Slope / found.Drop, 0.2, 1.5);
        double rounding = network.CleanAccuracy(false, cancellationToken) - network.CleanAccuracy(law.Quantised, cancellationToken);
        var rule = new AcceptanceRule(found.Drop, network.Certification.Count, Wanted);
        for (double factor = 1; factor <= LargestFactor; factor *= 1.01)
        {
            double drop = rounding + found.Drop * Math.Pow(factor, -power);
            double psi = Math.Max(discordance * Math.Pow(factor, -power / 2), Math.Abs(drop));
            double error = Math.Sqrt(Math.Max(psi - drop * drop, 0) / network.Search.Count);
            if (rule.Accepts(drop, psi, error))
            {
                return found.Energy.Value * factor;
            }
        }

        return null;
    }

    private PairedCounts Count(EnergyPoint point, ulong seed, CancellationToken cancellationToken)
    {
        _clean ??= Judging.Run(network.Float, network.Certification, null, 0, cancellationToken);
        return PairedCounts.Of(_clean, Judging.Run(NetworkOf(point), network.Certification, NoiseOf(point), seed, cancellationToken));
    }

    private INetwork NetworkOf(EnergyPoint point) => point.Network ?? network.For(law);

    private NodeNoise[] NoiseOf(EnergyPoint point) => (point.Noise ?? noise).At(point.Layers);
}
