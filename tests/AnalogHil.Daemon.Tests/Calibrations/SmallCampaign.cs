using System.Collections.Immutable;
using System.Text;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Tests.Campaign;
using AnalogHil.Daemon.Tests.Reports;
using AnalogHil.Engine;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>
/// What a finished campaign on a small bench leaves: request, checkpoints, report. Its network has two layers, and its labels are the classes of the clean
/// network: what noise costs is all its loss.
/// </summary>
internal static class SmallCampaign
{
    /// <summary>Test images.</summary>
    public const int Images = 3000;

    /// <summary>Multiply-accumulates of the layers.</summary>
    public static readonly ImmutableArray<int> Macs = [3 * Hidden, Hidden * 10];

    private const int Hidden = 16;
    private const int Choice = 4;

    /// <summary>Writes the record.</summary>
    /// <param name="directory">Directory of the record; model and images go beside it.</param>
    /// <param name="bench">Bench file as it is now: that the device drifts is no change of it.</param>
    /// <param name="calibration">A calibration of that device, for its uid.</param>
    /// <param name="dropPoints">Largest drop, percentage points.</param>
    /// <param name="repeats">K of the two layers of the plan in force.</param>
    public static void Write(string directory, string bench, CalibrationDocument calibration, double dropPoints, params int[] repeats) => Write(
        directory, bench, new KeptCalibration(calibration.Device.Uid, calibration.Device.BootId, CheckpointStoreTests.Calibration()), dropPoints, repeats);

    /// <summary>Writes the record of a campaign with a calibration of its own.</summary>
    public static void Write(string directory, string bench, KeptCalibration kept, double dropPoints, params int[] repeats)
    {
        string inputs = directory + "-inputs";
        Directory.CreateDirectory(directory);
        Directory.CreateDirectory(inputs);
        string model = Path.Combine(inputs, "net.onnx");
        File.WriteAllBytes(model, SmallClassifier.WriteTwoLayers(Hidden));
        File.WriteAllText(Path.Combine(inputs, "net.preprocess.json"), """{ "channels": "rgb", "std": [255] }""");
        OnnxNetwork network = OnnxNetwork.Load(model);
        WriteImages(inputs, "test", Images, network, 5);
        WriteImages(inputs, "calib", 300, network, 6);

        var request = new CampaignRequest(bench, model, inputs, dropPoints, 3, directory, false, 0);
        SavedRequest.Write(request);
        var checkpoints = new CheckpointStore(directory, Fakes.Campaigns.Fingerprint());
        checkpoints.Save(CampaignPhase.Calibrate, kept);
        Precision.Search.PrecisionResult learned = CheckpointStoreTests.Learned();
        var plan = new PrecisionPlan([.. network.AnalogNodes.Select((node, i) =>
            new LayerPlan(node.Name, node.DotLength, node.Macs, [repeats[i]], RedundancyMode.ReadAndAverage))]);
        checkpoints.Save(CampaignPhase.Learn, learned with { Learned = learned.Learned with { Plan = plan } });
        CampaignRecord record = SampleRecord.Complete();
        string sha256 = CalibrationBench.Load(bench, TimeProvider.System).Sha256;
        File.WriteAllText(
            Path.Combine(directory, RecordWriter.JsonName), RecordJson.Serialize(record with { Provenance = record.Provenance with { BenchSha256 = sha256 } }));
    }

    private static void WriteImages(string directory, string split, int count, OnnxNetwork network, int seed)
    {
        // Of many images of one colour each, those whose class is clearest: what is left is what noise of this size does not overturn at once.
        var random = new Random(seed);
        int size = network.InputShape.Size;
        float[] candidates = new float[Choice * count * size];
        for (int i = 0; i < Choice * count * 3; i++)
        {
            candidates.AsSpan(i * size / 3, size / 3).Fill((float)(3 * random.NextDouble()));
        }

        float[] logits = new float[Choice * count * network.Classes];
        network.Forward(candidates, Choice * count, logits);
        (int Image, int Label)[] clearest =
        [
            .. Enumerable.Range(0, Choice * count).Select(i =>
            {
                float[] row = logits[(i * network.Classes)..((i + 1) * network.Classes)];
                float[] sorted = [.. row.OrderDescending()];
                return (Image: i, Label: Array.IndexOf(row, sorted[0]), Margin: sorted[0] - sorted[1]);
            }).OrderByDescending(image => image.Margin).Take(count).OrderBy(image => image.Image).Select(image => (image.Image, image.Label)),
        ];
        float[] pixels = [.. clearest.SelectMany(image => candidates[(image.Image * size)..((image.Image + 1) * size)])];
        int[] labels = [.. clearest.Select(image => image.Label)];
        WriteNpy(Path.Combine(directory, split + ".images.npy"), "<f4", $"{count}, 3, 4, 4", pixels.SelectMany(BitConverter.GetBytes));
        WriteNpy(Path.Combine(directory, split + ".labels.npy"), "<i4", $"{count},", labels.SelectMany(BitConverter.GetBytes));
    }

    private static void WriteNpy(string path, string type, string shape, IEnumerable<byte> values)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        header = header.PadRight(128 - 10 - 1) + "\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. values]);
    }
}
