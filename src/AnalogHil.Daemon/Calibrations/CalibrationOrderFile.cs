using System.Text.Json;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>What was asked for, kept beside the reads so that a calibration goes on with nothing but its folder.</summary>
/// <param name="Order">The order.</param>
/// <param name="BenchSha256">Of the bench file; another one is another device.</param>
/// <param name="Started">When it began.</param>
/// <param name="Resumptions">How often it went on.</param>
internal sealed record CalibrationOrderFile(CalibrationOrder Order, string BenchSha256, DateTimeOffset Started, int Resumptions)
{
    private const string Name = "order.json";

    /// <summary>The order of a begun calibration; null when none was begun there.</summary>
    /// <exception cref="CampaignException">The file is damaged.</exception>
    public static CalibrationOrderFile? Find(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<CalibrationOrderFile>(File.ReadAllText(path), ResultJson.Options) : null;
        }
        catch (JsonException damaged)
        {
            throw new CampaignException(ErrorReason.NotResumable, $"{path} is damaged: {damaged.Message}; calibrate into another folder", damaged);
        }
    }

    /// <summary>Begins a new calibration in an empty folder.</summary>
    /// <exception cref="CampaignException">Something is there already, or it cannot be written.</exception>
    public static CalibrationOrderFile Begin(CalibrationOrder order, string benchSha256, DateTimeOffset now)
    {
        RequireEmpty(order.OutputDirectory);
        var file = new CalibrationOrderFile(order, benchSha256, now, 0);
        file.Save();
        return file;
    }

    /// <summary>A new calibration needs a folder of its own.</summary>
    /// <exception cref="CampaignException">Something is there already.</exception>
    public static void RequireEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new CampaignException(
                ErrorReason.RequestInvalid,
                $"{folder} is not empty; choose another folder with --out, or go on with the calibration there: hil calibrate --resume {folder}");
        }
    }

    /// <summary>Goes on with it.</summary>
    /// <param name="benchSha256">Of the bench file as it is now.</param>
    /// <exception cref="CampaignException">The bench changed.</exception>
    public CalibrationOrderFile GoOn(string benchSha256)
    {
        if (benchSha256 != BenchSha256)
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                    $"{Order.BenchFile} had the SHA-256 {BenchSha256}, now {benchSha256}: it may be another device; put the file back, "
                        + "or calibrate into another folder");
        }

        CalibrationOrderFile next = this with { Resumptions = Resumptions + 1 };
        next.Save();
        return next;
    }

    private void Save()
    {
        try
        {
            Directory.CreateDirectory(Order.OutputDirectory);
            AtomicFile.Write(Path.Combine(Order.OutputDirectory, Name), JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Options));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.OutputUnwritable,
                    $"the calibration cannot be written to {Order.OutputDirectory}: {refused.Message.TrimEnd('.')}; choose another folder with --out",
                        refused);
        }
    }
}
