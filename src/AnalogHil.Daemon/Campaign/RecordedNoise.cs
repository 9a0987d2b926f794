using System.Security.Cryptography;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>The noise that a campaign measured, for planning without its device: calibration from the record's directory, layout from its bench file.</summary>
/// <param name="Network">The network as it lies on that device.</param>
/// <param name="Noise">Measured noise of every layer.</param>
/// <param name="Mode">How repeats were made when it was measured.</param>
/// <param name="MaxRepeats">Largest K of the device in that mode that repeats were seen to pay up to.</param>
/// <param name="Provenance">For the plan file.</param>
public sealed record RecordedNoise(NetworkOnDevice Network, NoiseModel Noise, RedundancyMode Mode, int MaxRepeats, PlanNoise Provenance)
{
    /// <summary>Model file, image directory and seed of the campaign in a directory.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public static CampaignRequest RequestOf(string directory) => SavedRequest.Read(directory);

    /// <summary>Reads the noise of a record; opens a simulated device for what it declares of itself, and reads nothing from it.</summary>
    /// <param name="directory">Directory of the record.</param>
    /// <param name="network">The network to lay out.</param>
    /// <param name="calibration">Examples for the ranges of its layers' inputs.</param>
    /// <param name="time">Clock of the device.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="CampaignException">The record holds no calibration, its bench changed, or the network does not fit the device.</exception>
    public static async Task<RecordedNoise> ReadAsync(
        string directory, INetwork network, LabelledImages calibration, TimeProvider time, CancellationToken cancellationToken)
    {
        KeptCalibration kept = CheckpointStore.Peek<KeptCalibration>(directory, CampaignPhase.Calibrate)
            ?? throw new CampaignException(
                ErrorReason.NotFound, $"{directory} holds no calibration (checkpoints/calibrate.json is missing); give the directory of a campaign that came past its calibration, as hil run --out wrote it");
        CampaignRequest request = SavedRequest.Read(directory);
        byte[] report = File.ReadAllBytes(Path.Combine(directory, RecordWriter.JsonName));
        CampaignRecord record = RecordWriter.Read(directory);
        Devices.Benches.Bench bench = Load(request.BenchFile);
        if (record.Provenance.BenchSha256 is { } told && told != bench.Sha256)
        {
            throw new CampaignException(
                ErrorReason.BenchInvalid,
                $"{request.BenchFile} has the SHA-256 {bench.Sha256}, the record in {directory} was made with {told}: the noise may be of another device; put the bench file back, or run a new campaign");
        }

        await using IAnalogDevice device = await new FileBench(bench, time).OpenAsync(request.Seed, cancellationToken).ConfigureAwait(false);
        DeviceCapabilities can = device.Capabilities;
        RedundancyMode mode = can.MaxRepeats.ContainsKey(RedundancyMode.ReadAndAverage) ? RedundancyMode.ReadAndAverage : RedundancyMode.AccumulateThenRead;
        NetworkOnDevice laid;
        try
        {
            TileMap map = TileMapper.Map(NetworkOnDevice.Shapes(network), can);
            laid = FittedLayout.Of(network, can, map, calibration);
        }
        catch (MappingException tooLarge)
        {
            throw new CampaignException(ErrorReason.PlanDoesNotFit, tooLarge.Message, tooLarge);
        }

        return new RecordedNoise(
            laid,
            new NoiseModel(laid.Scales, kept.Result.Profile),
            mode,
            CertifiedPlan.LargestRepeats(can.MaxRepeats[mode], kept.Certificate),
            new PlanNoise(
                PlanNoise.OfDevice,
                null,
                [.. kept.Result.Profile.Terms.Select(term => new PlanNoiseTerm(
                    NoiseTermNames.Of(term.Term), term.Sigma.Value, term.Sigma.Interval.Low, double.IsFinite(term.Sigma.Interval.High) ? term.Sigma.Interval.High : null, term.Sigma.N, term.Present))],
                directory,
                Convert.ToHexStringLower(SHA256.HashData(report)),
                kept.DeviceUid,
                "reads per MAC"));
    }

    private static Devices.Benches.Bench Load(string path)
    {
        try
        {
            return Devices.Benches.Bench.Load(path);
        }
        catch (Devices.Benches.BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, $"{path}: {wrong.Message}", wrong);
        }
    }
}
