#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/AnalogHil.Rpc/AnalogHil.Rpc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property TieredPGO=true

// Our server beside grpcio's, each in a process of its own, asked in turns by one client of ours in this process.
// dotnet run -c Release bench/rpc/compare.cs [-- ROUNDS SECONDS]      prints calls and messages per second and the ratios
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using AnalogHil.Rpc.Client;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["serve", var path])
{
    await Server.RunAsync(path);
    return;
}

int rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
var slice = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1]) : 1);
string folder = Directory.CreateTempSubdirectory("rpc").FullName;
using var ours = Peer.Start("ours", Environment.ProcessPath!, [.. Peer.Self, "serve", Path.Combine(folder, "ours.sock")], Path.Combine(folder, "ours.sock"));
using var grpcio = Peer.Start("grpcio", "/usr/bin/python3", [Path.Combine(Here(), "grpcio_server.py"), Path.Combine(folder, "grpcio.sock")], Path.Combine(folder, "grpcio.sock"));
Peer[] peers = [ours, grpcio];

Console.WriteLine($"{rounds} rounds of {slice.TotalSeconds} s in turns, client of this repository, {Environment.ProcessorCount} processors, load {File.ReadAllText("/proc/loadavg")[..14]}");
Console.WriteLine($"{"",-34}{"ours/s",10}{"grpcio/s",10}{"ratio (lowest to highest round)",34}{"server CPU, grpcio/ours",26}");
// A fresh .NET server runs code that is not yet compiled to the end; a daemon lives for days.
foreach (Peer peer in peers)
{
    using RpcChannel channel = RpcChannel.ForAddress($"unix:{peer.Socket}");
    await Load.RunAsync(channel, stream: false, 16, TimeSpan.FromSeconds(3));
    await Load.RunAsync(channel, stream: true, 16, TimeSpan.FromSeconds(2));
}

foreach (bool unix in new[] { true, false })
{
    foreach (bool stream in new[] { false, true })
    {
        foreach (int inFlight in new[] { 1, 16 })
        {
            await MeasureAsync(unix, stream, inFlight);
        }
    }
}

Directory.Delete(folder, recursive: true);

async Task MeasureAsync(bool unix, bool stream, int inFlight)
{
    var rates = new double[2, rounds];
    var cpu = new double[2, rounds];
    RpcChannel[] channels = [.. peers.Select(peer => RpcChannel.ForAddress(unix ? $"unix:{peer.Socket}" : $"http://127.0.0.1:{peer.Port}"))];
    foreach (RpcChannel channel in channels)
    {
        await Load.RunAsync(channel, stream, inFlight, slice / 2);
    }

    for (int round = 0; round < rounds; round++)
    {
        for (int i = 0; i < 2; i++)
        {
            int p = (i + round) % 2;
            TimeSpan before = peers[p].ProcessorTime;
            (long count, TimeSpan took) = await Load.RunAsync(channels[p], stream, inFlight, slice);
            rates[p, round] = count / took.TotalSeconds;
            cpu[p, round] = (peers[p].ProcessorTime - before).TotalMicroseconds / count;
        }
    }

    double[] ratios = [.. Enumerable.Range(0, rounds).Select(r => rates[0, r] / rates[1, r])];
    double[] cpuRatios = [.. Enumerable.Range(0, rounds).Select(r => cpu[1, r] / cpu[0, r])];
    string name = $"{(unix ? "Unix socket" : "TCP")}, {(stream ? "4 KiB messages" : "unary")}, {inFlight} in flight";
    Console.WriteLine(
        $"{name,-34}{Median(Row(rates, 0)),10:0}{Median(Row(rates, 1)),10:0}{$"{Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})",34}{Median(cpuRatios),26:0.00}");
    foreach (RpcChannel channel in channels)
    {
        channel.Dispose();
    }
}

double[] Row(double[,] of, int row) => [.. Enumerable.Range(0, rounds).Select(i => of[row, i])];

static double Median(double[] values)
{
    double[] sorted = [.. values.Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

internal static class Load
{
    private const int StreamLength = 500;
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static readonly Method<byte[], byte[]> Unary = new(MethodType.Unary, "bench.Echo", "Unary", Bytes, Bytes);
    public static readonly Method<byte[], byte[]> Stream = new(MethodType.ServerStreaming, "bench.Echo", "Stream", Bytes, Bytes);

    public static async Task<(long Count, TimeSpan Took)> RunAsync(RpcChannel channel, bool stream, int inFlight, TimeSpan slice)
    {
        CallInvoker invoker = channel.CreateCallInvoker();
        byte[] request = stream ? new byte[4] : new byte[100];
        if (stream)
        {
            BinaryPrimitives.WriteInt32LittleEndian(request, StreamLength);
        }

        long started = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            long count = 0;
            while (Stopwatch.GetElapsedTime(started) < slice)
            {
                if (!stream)
                {
                    await invoker.AsyncUnaryCall(Unary, null, new CallOptions(), request);
                    count++;
                    continue;
                }

                using AsyncServerStreamingCall<byte[]> call = invoker.AsyncServerStreamingCall(Stream, null, new CallOptions(), request);
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    count++;
                }
            }

            return count;
        })));
        return (counts.Sum(), Stopwatch.GetElapsedTime(started));
    }
}

internal sealed record Peer(string Name, Process Process, string Socket, int Port) : IDisposable
{
    public static string[] Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    public TimeSpan ProcessorTime
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }

    public static Peer Start(string name, string command, string[] arguments, string socket)
    {
        Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string port = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{name} did not start; is it installed?");
        return new Peer(name, process, socket, int.Parse(port));
    }

    public void Dispose()
    {
        Process.Kill();
        Process.Dispose();
    }
}

[BindServiceMethod(typeof(Server), nameof(BindService))]
internal class Server
{
    private static readonly byte[] Block = new byte[4096];

    public static void BindService(ServiceBinderBase binder, Server service)
    {
        binder.AddMethod(Load.Unary, (request, _) => Task.FromResult(request));
        binder.AddMethod(Load.Stream, async (request, responses, _) =>
        {
            for (int left = BinaryPrimitives.ReadInt32LittleEndian(request); left > 0; left--)
            {
                await responses.WriteAsync(Block);
            }
        });
    }

    public static async Task RunAsync(string socket)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenRpcUnixSocket(socket);
            kestrel.ListenRpcLoopback(0);
        });
        WebApplication app = builder.Build();
        app.MapRpcService<Server>();
        await app.StartAsync();
        ICollection<string> addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine(new Uri(addresses.Single(address => address.StartsWith("http://127", StringComparison.Ordinal))).Port);
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
