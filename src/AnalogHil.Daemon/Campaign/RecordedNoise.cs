using System.Security.Cryptography;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>The noise that a campaign measured, for planning without its device: calibration and what the device declared of itself from the record's directory.</summary>
/// <param name="Model">The network as it runs on that device: products of two activations are digital where it multiplies by what it holds.</param>
/// <param name="Network">The same, laid out.</param>
/// <param name="Noise">Measured noise of every layer.</param>
/// <param name="Mode">How repeats were made when it was measured.</param>
/// <param name="MaxRepeats">Largest K of the device in that mode that repeats were seen to pay up to.</param>
/// <param name="Provenance">For the plan file.</param>
public sealed record RecordedNoise(
    OnnxNetwork Model, NetworkOnDevice Network, NoiseModel Noise, RedundancyMode Mode, int MaxRepeats, PlanNoise Provenance)
{
    /// <summary>Model file, image directory and seed of the campaign in a directory.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public static CampaignRequest RequestOf(string directory) => SavedRequest.Read(directory);

    /// <summary>
    /// Reads the noise of a record. No device is opened, except the simulated one of a record whose version did not keep what it declares of itself; nothing
    /// is read from that.
    /// </summary>
    /// <param name="directory">Directory of the record.</param>
    /// <param name="network">The network to lay out.</param>
    /// <param name="calibration">Examples for the ranges of its layers' inputs.</param>
    /// <param name="time">Clock of the device.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="CampaignException">The record holds no calibration or is damaged, its bench changed, or the network does not fit the device.</exception>
    public static async Task<RecordedNoise> ReadAsync(
        string directory, OnnxNetwork network, LabelledImages calibration, TimeProvider time, CancellationToken cancellationToken)
    {
        KeptCalibration kept = CheckpointStore.Peek<KeptCalibration>(directory, CampaignPhase.Calibrate)
            ?? throw new CampaignException(
                ErrorReason.NotFound, $"{directory} holds no calibration (checkpoints/calibrate.json is missing); give the directory of a campaign that came past its calibration, as hil run --out wrote it");
        CampaignRequest request = SavedRequest.Read(directory);
        (CampaignRecord record, string reportSha256) = ReportOf(directory);
        DeviceCapabilities can = kept.Capabilities is { } declared
            ? Same(declared, directory, request.BenchFile, record)
            : await AskAsync(directory, request, record, time, cancellationToken).ConfigureAwait(false);
        RedundancyMode mode = AveragingAcquisition.ModeOf(can);
        OnnxNetwork run = !can.MultipliesActivations && network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations)
            ? network.WithDigitalActivationProducts()
            : network;
        NetworkOnDevice laid;
        try
        {
            TileMap map = TileMapper.Map(NetworkOnDevice.Shapes(run), can);
            laid = FittedLayout.Of(run, can, map, calibration);
        }
        catch (MappingException tooLarge)
        {
            throw new CampaignException(ErrorReason.PlanDoesNotFit, tooLarge.Message, tooLarge);
        }

        return new RecordedNoise(
            run,
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
                reportSha256,
                kept.DeviceUid,
                "reads per MAC"));
    }

    private static (CampaignRecord Record, string Sha256) ReportOf(string directory)
    {
        try
        {
            return RecordWriter.ReadHashed(directory);
        }
        catch (FileNotFoundException missing)
        {
            throw new CampaignException(ErrorReason.NotFound, missing.Message, missing);
        }
        catch (RecordFormatException damaged)
        {
            throw new CampaignException(ErrorReason.NotResumable, $"{directory}: {damaged.Message}", damaged);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                $"{Path.Combine(directory, RecordWriter.JsonName)} cannot be read: {unreadable.Message.TrimEnd('.')}; permit reading it, or give another record",
                unreadable);
        }
    }

    /// <summary>What was kept of the device, unless its bench file is another one now. Where that is gone nothing of it is needed.</summary>
    private static DeviceCapabilities Same(DeviceCapabilities declared, string directory, string benchFile, CampaignRecord record)
    {
        try
        {
            if (File.Exists(benchFile))
            {
                RequireSameBench(directory, benchFile, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(benchFile))), record);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.BenchInvalid, $"{benchFile} cannot be read: {unreadable.Message.TrimEnd('.')}; permit reading it", unreadable);
        }

        return declared;
    }

    /// <summary>Asks a simulated device what it declares of itself.</summary>
    private static async Task<DeviceCapabilities> AskAsync(
        string directory, CampaignRequest request, CampaignRecord record, TimeProvider time, CancellationToken cancellationToken)
    {
        BenchFile file = Load(request.BenchFile);
        RequireSameBench(directory, request.BenchFile, file.Sha256, record);
        if (file is not Devices.Benches.Bench bench)
        {
            throw new CampaignException(
                ErrorReason.NotFound,
                $"the calibration in {directory} does not hold what the device declares of itself, and {request.BenchFile} is hardware, which is not opened for planning: "
                    + "an earlier version made it; calibrate again with this version, by a new campaign with hil run");
        }

        await using IAnalogDevice device = await new FileBench(bench, time).OpenAsync(request.Seed, cancellationToken).ConfigureAwait(false);
        return device.Capabilities;
    }

    private static void RequireSameBench(string directory, string benchFile, string sha256, CampaignRecord record)
    {
        if (record.Provenance.BenchSha256 is { } told && told != sha256)
        {
            throw new CampaignException(
                ErrorReason.BenchInvalid,
                $"{benchFile} has the SHA-256 {sha256}, the record in {directory} was made with {told}: the noise may be of another device; put the bench file back, or run a new campaign");
        }
    }

    private static BenchFile Load(string path)
    {
        try
        {
            return BenchFile.Load(path);
        }
        catch (BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, $"{path}: {wrong.Message}", wrong);
        }
    }
}
