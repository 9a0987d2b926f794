using AnalogHil.Engine.Data;

namespace AnalogHil.Cli.Models;

/// <summary>Splits as they are named on the command line.</summary>
internal static class SplitNames
{
    /// <summary>Name of the test split.</summary>
    public const string Test = "test";

    /// <summary>Name of the calibration split.</summary>
    public const string Calibration = "calib";

    /// <summary>Name of a split.</summary>
    public static string Of(ImageSplit split) => split == ImageSplit.Test ? Test : Calibration;
}
