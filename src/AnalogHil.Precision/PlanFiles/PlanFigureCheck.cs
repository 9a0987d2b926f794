using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>What the figures of a plan must be so that they can be shown, compared and written again: numbers, with limits the right way round.</summary>
internal static class PlanFigureCheck
{
    /// <summary>Adds what does not hold. Entries that are null are left to others.</summary>
    public static void Tell(List<string> wrong, PlanFile plan)
    {
        // A number such as 1e999 is read as infinity, which no JSON writer takes.
        foreach ((string at, double? value) in Figures(plan))
        {
            if (value is { } figure && !double.IsFinite(figure))
            {
                wrong.Add(Text($"{at} is {figure}, must be a finite number"));
            }
        }

        foreach ((string at, double? value) in Errors(plan))
        {
            if (value < 0)
            {
                wrong.Add(Text($"{at} is {value}, must be at least 0"));
            }
        }

        foreach ((string at, string low, double? from, string high, double? to) in Limits(plan))
        {
            if (from > to)
            {
                wrong.Add(Text($"{at}.{low} is {from}, must not be above {high}, {to}"));
            }
        }

        if (plan.Certificate?.CleanAccuracy is { } clean && !(clean is >= 0 and <= 1))
        {
            wrong.Add(Text($"$.certificate.clean_accuracy is {clean}, must lie between 0 and 1"));
        }

        if (plan.Energy.Level is not (> 0 and < 1))
        {
            wrong.Add(Text($"$.energy.level is {plan.Energy.Level}, must lie between 0 and 1 (0.95 is usual)"));
        }

        if (!(plan.Energy.Ratio > 0))
        {
            wrong.Add(Text($"$.energy.ratio is {plan.Energy.Ratio}, must be above 0"));
        }
    }

    // Without those that are held to more elsewhere: energies, gains.
    private static IEnumerable<(string At, double? Value)> Figures(PlanFile plan) =>
    [
        .. OfMethod(plan.Method), .. OfEnergy(plan.Energy), .. OfPrediction(plan.Prediction), .. OfCertificate(plan.Certificate), .. OfGrids(plan.Grids),
        .. Each("$.noise.terms", plan.Noise.Terms, OfTerm), .. Each("$.layers", plan.Layers, OfLayer), .. Each("$.points", plan.Points, OfPoint),
    ];

    private static IEnumerable<(string At, double? Value)> OfMethod(PlanMethod method) =>
    [
        .. method.Options.Select(option => ($"$.method.options.{option.Key}", (double?)option.Value)),
        ("$.method.budget", method.Budget),
        ("$.method.seconds", method.Seconds),
        ("$.method.all_seconds", method.AllSeconds),
        ("$.method.kkt_residual", method.KktResidual),
        ("$.method.kkt_residual_of_layers", method.KktResidualOfLayers),
        ("$.method.gap_bound", method.GapBound),
    ];

    private static IEnumerable<(string At, double? Value)> OfEnergy(PlanEnergy energy) =>
    [
        ("$.energy.low", energy.Low),
        ("$.energy.high", energy.High),
        ("$.energy.uniform_low", energy.UniformLow),
        ("$.energy.uniform_high", energy.UniformHigh),
        ("$.energy.ratio", energy.Ratio),
        ("$.energy.ratio_low", energy.RatioLow),
        ("$.energy.ratio_high", energy.RatioHigh),
    ];

    private static IEnumerable<(string At, double? Value)> OfPrediction(PlanPrediction prediction) =>
    [
        ("$.prediction.drop", prediction.Drop),
        ("$.prediction.drop_standard_error", prediction.DropStandardError),
        ("$.prediction.acceptance", prediction.Acceptance),
    ];

    private static IEnumerable<(string At, double? Value)> OfCertificate(PlanCertificate? certificate) => certificate is null
        ? []
        :
        [
            ("$.certificate.target", certificate.Target),
            ("$.certificate.clean_accuracy", certificate.CleanAccuracy),
            ("$.certificate.drop", certificate.Drop),
            ("$.certificate.drop_low", certificate.DropLow),
            ("$.certificate.drop_high", certificate.DropHigh),
            ("$.certificate.log_energy_low", certificate.LogEnergyLow),
            ("$.certificate.log_energy_high", certificate.LogEnergyHigh),
            ("$.certificate.drop_error_images", certificate.DropErrorImages),
            ("$.certificate.drop_error_draws", certificate.DropErrorDraws),
            ("$.certificate.programming_sigma", certificate.ProgrammingSigma),
        ];

    private static IEnumerable<(string At, double? Value)> OfGrids(PlanGrids? grids) => grids is null
        ? []
        :
        [
            ("$.grids.float_accuracy", grids.FloatAccuracy),
            ("$.grids.accuracy", grids.Accuracy),
            ("$.grids.loss_low", grids.LossLow),
            ("$.grids.loss_high", grids.LossHigh),
        ];

    private static IEnumerable<(string At, double? Value)> OfTerm(string at, PlanNoiseTerm term) =>
        [($"{at}.sigma", term.Sigma), ($"{at}.low", term.Low), ($"{at}.high", term.High)];

    private static IEnumerable<(string At, double? Value)> OfPoint(string at, PlanPoint point) =>
        [($"{at}.per_mac", point.PerMac), ($"{at}.drop", point.Drop), ($"{at}.low", point.Low), ($"{at}.high", point.High)];

    private static IEnumerable<(string At, double? Value)> OfLayer(string at, PlanLayer layer) =>
    [
        ($"{at}.energy_share", layer.EnergyShare),
        ($"{at}.noise_bits", layer.NoiseBits),
        ($"{at}.declared.joules", layer.Declared?.Joules),
        ($"{at}.declared.seconds", layer.Declared?.Seconds),
        ($"{at}.declared.cells", layer.Declared?.Cells),
        .. layer.Digital is { } digital ? Many($"{at}.digital.offset", digital.Offset) : [],
        .. layer.Digital?.FullScale is { } scale ? OfFullScale($"{at}.digital.full_scale", scale) : [],
    ];

    private static IEnumerable<(string At, double? Value)> OfFullScale(string at, PlanFullScale scale) =>
    [
        ($"{at}.input_low", scale.InputLow),
        ($"{at}.input_high", scale.InputHigh),
        .. Many($"{at}.weight_low", scale.WeightLow),
        .. Many($"{at}.weight_high", scale.WeightHigh),
    ];

    private static IEnumerable<(string At, double? Value)> Errors(PlanFile plan) =>
    [
        ("$.prediction.drop_standard_error", plan.Prediction.DropStandardError),
        ("$.certificate.drop_error_images", plan.Certificate?.DropErrorImages),
        ("$.certificate.drop_error_draws", plan.Certificate?.DropErrorDraws),
        ("$.certificate.programming_sigma", plan.Certificate?.ProgrammingSigma),
    ];

    private static IEnumerable<(string At, string Low, double? From, string High, double? To)> Limits(PlanFile plan)
    {
        PlanEnergy energy = plan.Energy;
        yield return ("$.energy", "low", energy.Low, "high", energy.High);
        yield return ("$.energy", "uniform_low", energy.UniformLow, "uniform_high", energy.UniformHigh);
        yield return ("$.energy", "ratio_low", energy.RatioLow, "ratio_high", energy.RatioHigh);
        yield return ("$.certificate", "drop_low", plan.Certificate?.DropLow, "drop_high", plan.Certificate?.DropHigh);
        yield return ("$.certificate", "log_energy_low", plan.Certificate?.LogEnergyLow, "log_energy_high", plan.Certificate?.LogEnergyHigh);
        yield return ("$.grids", "loss_low", plan.Grids?.LossLow, "loss_high", plan.Grids?.LossHigh);
        for (int i = 0; !plan.Points.IsDefault && i < plan.Points.Length; i++)
        {
            if (plan.Points[i] is { } point)
            {
                yield return ($"$.points[{i}]", "low", point.Low, "high", point.High);
            }
        }
    }

    private static IEnumerable<(string At, double? Value)> Each<T>(
        string at, ImmutableArray<T> entries, Func<string, T, IEnumerable<(string At, double? Value)>> of)
        where T : class =>
        entries.IsDefault ? [] : entries.SelectMany((entry, i) => entry is null ? [] : of($"{at}[{i}]", entry));

    private static IEnumerable<(string At, double? Value)> Many(string at, ImmutableArray<double> values) =>
        values.IsDefault ? [] : values.Select((value, i) => ($"{at}[{i}]", (double?)value));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
