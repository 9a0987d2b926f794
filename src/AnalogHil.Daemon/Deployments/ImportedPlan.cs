using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A plan file seen from the device and the images that it meets: what it has not seen, and what its own figures do not hold for.</summary>
internal static class ImportedPlan
{
    private const string Remedy = "validate it before you rely on it";

    /// <summary>Test images that nothing of the plan was chosen on; all of a set that it does not know.</summary>
    public static LabelledImages UnseenBy(PlanFile file, LabelledImages test) =>
        !IsChosenOn(file, test) ? test
            : test.Drawn is null && Math.Min(file.Data.SearchImages, file.Data.CertificationImages) >= Splits.FewestExamples
                ? Splits.Create(test, file.Data.SearchImages, file.Data.CertificationImages, file.Seeds.Split).Certification
                : Splits.Unsearched(test, file.Data.SearchImages, file.Seeds.Split);

    /// <summary>What a person should know; a validation tells what the plan does on this device.</summary>
    /// <param name="file">The plan file.</param>
    /// <param name="plan">The same as the device is told.</param>
    /// <param name="test">Images of the campaign whose record it is staged with.</param>
    /// <param name="measured">How repeats were made in that campaign.</param>
    /// <param name="uid">Serial number of the device.</param>
    public static IEnumerable<string> NotesOn(PlanFile file, PrecisionPlan plan, LabelledImages test, RedundancyMode measured, string uid)
    {
        if (file.Noise.Kind == PlanNoise.OfLaw)
        {
            yield return $"the plan was learned against the law {file.Noise.Law}, not against noise measured on this device; {Remedy}";
        }
        else if (file.Noise.Device != uid)
        {
            yield return $"the plan was learned against the noise of device {file.Noise.Device ?? "(not told)"}, this is {uid}; {Remedy}";
        }

        yield return IsChosenOn(file, test)
            ? $"the plan's images are matched with those of the record, {test.Name}, by name and size alone; if they are others, which of these the plan has seen is "
                + "not known: validate it on images that it has not (--data)"
            : $"the plan was chosen on images of {file.Data.Name}, the record's campaign had {test.Name}: which of these the plan has seen is not known; "
                + "validate it on images that it has not (--data)";

        string[] copied = [.. Repeated(plan, mode => mode == RedundancyMode.SpatialCopies)];
        if (copied.Length > 0)
        {
            yield return $"repeated by copies in space: {string.Join(", ", copied)}; that what copies have in common averages out was not measured in the campaign; {Remedy}";
        }

        string[] other = [.. Repeated(plan, mode => mode != RedundancyMode.SpatialCopies && mode != measured)];
        if (other.Length > 0)
        {
            yield return $"repeated otherwise than the campaign measured ({ModeNames.Of(measured)}): {string.Join(", ", other)}; that repeats pay there was not seen; {Remedy}";
        }
    }

    // Only of the set that it was chosen on can be told what it has seen. A plan tells the name and the counts of its images and no hash of them.
    private static bool IsChosenOn(PlanFile file, LabelledImages test) =>
        file.Data.Name == test.Name && (long)file.Data.SearchImages + file.Data.CertificationImages <= test.SetCount;

    private static IEnumerable<string> Repeated(PrecisionPlan plan, Func<RedundancyMode, bool> by) =>
        plan.Layers.Where(layer => by(layer.Mode) && layer.Repeats.Max() > 1).Select(layer => layer.Layer);
}
