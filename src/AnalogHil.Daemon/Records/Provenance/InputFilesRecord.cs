namespace AnalogHil.Daemon.Records.Provenance;

/// <summary>What a campaign read.</summary>
/// <param name="Bench">Path of the bench file.</param>
/// <param name="Model">Path of the model file.</param>
/// <param name="Data">Name or directory of the images.</param>
public sealed record InputFilesRecord(string Bench, string Model, string Data);
