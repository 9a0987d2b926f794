namespace AnalogHil.Calibration.Tests.Measured;

/// <summary>A fact about a file of measurements, skipped with the reason where the file is missing.</summary>
internal sealed class MeasuredFactAttribute : FactAttribute
{
    public MeasuredFactAttribute(params string[] files)
    {
        string[] missing = [.. files.Where(file => MeasuredData.Find(file) is null)];
        Skip = missing.Length == 0
            ? null
            : $"{string.Join(", ", missing)}: not found in shared/data/measured of any folder above the tests; the measurements are not part of the repository";
    }
}
