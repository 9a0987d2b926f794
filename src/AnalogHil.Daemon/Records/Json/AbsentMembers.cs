using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Proof;

namespace AnalogHil.Daemon.Records.Json;

/// <summary>
/// What a record holds where its file leaves a member out, as files of earlier versions do. Generated readers leave nothing there, whatever the type says:
/// no array at all, which can be neither shown nor written, and figures without unit or level.
/// </summary>
internal static class AbsentMembers
{
    /// <summary>The record with every array, and the usual unit and level where none is given.</summary>
    public static CampaignRecord Fill(CampaignRecord record) => record with
    {
        Warnings = Given(record.Warnings),
        Assumptions = Given(record.Assumptions),
        Search = Given(record.Search),
        Twin = Given(record.Twin),
        Model = record.Model is { ActivationProducts: { } products } model
            ? model with { ActivationProducts = products with { Nodes = Given(products.Nodes) } }
            : record.Model,
        Calibration = record.Calibration is { } calibration ? Fill(calibration) : null,
        Plan = record.Plan is { } plan ? Fill(plan) : null,
        DeclaredCost = record.DeclaredCost is { } cost ? cost with { Parts = Given(cost.Parts) } : null,
        Validation = record.Validation is { Unit: null } validation ? validation with { Unit = AccuracyRecord.UsualUnit } : record.Validation,
        Provenance = record.Provenance with { Phases = Given(record.Provenance.Phases), RawFiles = Given(record.Provenance.RawFiles) },
    };

    private static CalibrationRecord Fill(CalibrationRecord calibration) => calibration with
    {
        Averaging = Given(calibration.Averaging),
        AveragingUnit = calibration.AveragingUnit ?? CalibrationRecord.UsualAveragingUnit,

        // No interval has the level 0.
        Level = calibration.Level == 0 ? CalibrationRecord.UsualLevel : calibration.Level,
        History = Given(calibration.History),
    };

    private static PlanRecord Fill(PlanRecord plan) => plan with
    {
        Layers = [.. plan.Layers.Select(layer => layer with { KPerChannel = Given(layer.KPerChannel) })],
        Variants = Given(plan.Variants),
    };

    private static ImmutableArray<T> Given<T>(ImmutableArray<T> read) => read.IsDefault ? [] : read;
}
