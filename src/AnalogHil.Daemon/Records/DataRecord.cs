namespace AnalogHil.Daemon.Records;

/// <summary>The images and how they were split; the parts have no image in common.</summary>
/// <param name="Name">Name of the data set.</param>
/// <param name="CalibrationImages">Images that set ranges and sensitivities.</param>
/// <param name="SearchImages">Images that the plan was chosen on.</param>
/// <param name="CertificationImages">Images that the verdict rests on, untouched before.</param>
public sealed record DataRecord(string Name, int CalibrationImages, int SearchImages, int CertificationImages);
