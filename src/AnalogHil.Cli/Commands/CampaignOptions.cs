using System.CommandLine;

namespace AnalogHil.Cli.Commands;

/// <summary>Options that a campaign has wherever it is started: `hil run` and `hil campaign run`.</summary>
internal static class CampaignOptions
{
    /// <summary>--sigma-half-width.</summary>
    public static Option<double?> SigmaHalfWidth() => new("--sigma-half-width")
    {
        Description = "Calibrate until every sigma's 95 % interval is +- this, percent of the value [default: 5]",
        HelpName = "PERCENT",
        CustomParser = Numbers.Real(
            percent => percent is >= 0.2 and <= 50, "must lie in 0.2 .. 50 percent; 5 is usual, half of it costs four times the reads"),
    };

    /// <summary>--corrected.</summary>
    public static Option<bool> Corrected() => new("--corrected")
    {
        Description = "Also learn a digital gain and offset for every channel, and full scales of inputs and weights, together with K; what the search finds "
            + "to need least declared energy is kept, shares of the energy alone if need be. Inputs and weights beyond their full scale are driven and "
            + "written as the full scale",
    };
}
