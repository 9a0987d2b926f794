using System.Globalization;
using AnalogHil.V1;

namespace AnalogHil.Cli.Views;

/// <summary>Figures and names as both views write them.</summary>
internal static class Wording
{
    /// <summary>Steps in the order they are shown.</summary>
    public static readonly CampaignPhase[] Phases =
    [
        CampaignPhase.Open, CampaignPhase.Calibrate, CampaignPhase.Learn, CampaignPhase.Push, CampaignPhase.Twin, CampaignPhase.Validate,
        CampaignPhase.Record,
    ];

    /// <summary>"3:07 min" or "42 s".</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00} min");

    /// <summary>"; about 12 s left here, 1:40 min in all", as far as it is known.</summary>
    public static string Remaining(Progress progress)
    {
        string? here = progress.PhaseRemaining is { } phase ? $"about {Time(phase.ToTimeSpan())} left in this step" : null;
        string? all = progress.CampaignRemaining is { } campaign ? $"{Time(campaign.ToTimeSpan())} in all" : null;
        return string.Join(", ", new[] { here, all }.Where(part => part is not null));
    }

    /// <summary>"0.01000 [0.00960, 0.01040]", or "below 0.0004" for an absent term.</summary>
    public static string Value(Sigma sigma) => sigma.Present
        ? string.Create(CultureInfo.InvariantCulture, $"{Number(sigma.Estimate.Value)} [{Number(sigma.Estimate.Low)}, {Number(sigma.Estimate.High)}]")
        : $"not told from 0, below {Number(sigma.Estimate.High)}";

    /// <summary>"+-4.0 %": half-width of the interval against the value; empty for an absent term.</summary>
    public static string RelativeHalfWidth(Sigma sigma) => sigma.Present && sigma.Estimate.Value > 0
        ? string.Create(CultureInfo.InvariantCulture, $"+-{50 * (sigma.Estimate.High - sigma.Estimate.Low) / sigma.Estimate.Value:0.0} %")
        : "";

    /// <summary>Four significant digits.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>K as it is: whole when all channels share it.</summary>
    public static string Repeats(double repeats) => repeats.ToString(repeats == Math.Round(repeats) ? "0" : "0.0", CultureInfo.InvariantCulture);
}
