using System.Collections.Immutable;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search;

/// <summary>One budget that was tried on the model route.</summary>
/// <param name="Energy">Energy of the plan relative to one repeat of everything (<see cref="Core.Plans.PrecisionPlan.RelativeEnergy"/>).</param>
/// <param name="Drop">acc_clean - acc_noisy, a fraction, mean over images and draws.</param>
/// <param name="StandardError">Of the drop, images as independent units.</param>
/// <param name="Interval">95 % interval of the drop.</param>
/// <param name="Discordance">psi: how often one draw and the clean network disagree about being right.</param>
/// <param name="Images">Images of the search split looked at.</param>
/// <param name="Seeds">Noise draws for each.</param>
/// <param name="Repeats">Mean K of each layer.</param>
public sealed record SearchPoint(
    double Energy,
    double Drop,
    double StandardError,
    Interval Interval,
    double Discordance,
    int Images,
    int Seeds,
    ImmutableArray<double> Repeats);
