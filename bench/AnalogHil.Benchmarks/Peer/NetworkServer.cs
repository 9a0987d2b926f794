using System.Runtime.InteropServices;
using System.Text.Json;
using AnalogHil.Benchmarks.Roofline;
using AnalogHil.Engine;

namespace AnalogHil.Benchmarks.Peer;

/// <summary>
/// Runs networks on demand, one request a line, so that a driver can alternate between this process and one of PyTorch. Answers are lines of JSON.
/// </summary>
internal sealed class NetworkServer(TextReader requests, Stream answers)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly Dictionary<string, Loaded> _networks = [];

    public void Run()
    {
        while (requests.ReadLine() is { Length: > 0 } line)
        {
            NetworkRequest request = JsonSerializer.Deserialize<NetworkRequest>(line, _json) ?? throw new InvalidDataException($"'{line}' is no request");
            object answer = request.Do switch
            {
                "load" => Load(request),
                "logits" => WriteLogits(request),
                "run" => Time(request),
                "limits" => MachineLimits.Together(request.Threads),
                _ => throw new InvalidDataException($"'{request.Do}' is no request: use load, logits, run or limits"),
            };
            JsonSerializer.Serialize(answers, answer, _json);
            answers.WriteByte((byte)'\n');
            answers.Flush();
        }
    }

    private object Load(NetworkRequest request)
    {
        OnnxNetwork network = OnnxNetwork.Load(request.Path, new EngineOptions { Threads = request.Threads });
        float[] images = [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(request.Images))];
        NoiseInjection? Bound(string law) => ReferenceLaws.Create(network, law) is { } noise ? noise with { Nodes = network.Bind(noise.Nodes) } : null;
        string[] laws = ["clean", "thermal", "weight", "shot", "weight held"];
        _networks[request.Id] = new Loaded(
            network, images, new float[images.Length / network.InputShape.Size * network.Classes], laws.ToDictionary(law => law, Bound));
        return new { network.Classes, Channels = network.InputShape.Channels, network.InputShape.Height, network.InputShape.Width };
    }

    private object WriteLogits(NetworkRequest request)
    {
        Loaded loaded = _networks[request.Id];
        loaded.Network.Forward(loaded.Images, request.Count, loaded.Logits);
        File.WriteAllBytes(request.Path, MemoryMarshal.AsBytes(loaded.Logits.AsSpan(0, request.Count * loaded.Network.Classes)));
        return new { request.Count };
    }

    private object Time(NetworkRequest request)
    {
        Loaded loaded = _networks[request.Id];
        NoiseInjection? noise = loaded.Noise[request.Law];
        long allocated = GC.GetTotalAllocatedBytes();
        var clock = ProcessClock.Start();
        for (int i = 0; i < request.Repeats; i++)
        {
            if (request.Backward)
            {
                loaded.Network.Differentiate(loaded.Images, request.Count, static (logits, _, gradient) => logits.CopyTo(gradient), noise, null);
            }
            else
            {
                loaded.Network.Forward(loaded.Images, request.Count, loaded.Logits, noise);
            }
        }

        (double processor, double wall) = clock.Elapsed();
        return new { Processor = processor / request.Repeats, Wall = wall / request.Repeats, Allocated = (GC.GetTotalAllocatedBytes() - allocated) / request.Repeats };
    }

    private sealed record Loaded(OnnxNetwork Network, float[] Images, float[] Logits, Dictionary<string, NoiseInjection?> Noise);
}
