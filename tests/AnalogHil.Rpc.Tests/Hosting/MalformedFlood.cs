using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests.Hosting;

/// <summary>Very many requests that no correct client sends, each with the code it must get; the server must neither fall nor leak.</summary>
internal static class MalformedFlood
{
    public const int Seed = 20_260_101;
    private const long LargestGrowth = 24L << 20;

    /// <summary>Sends so many, eight at a time, and asserts codes and memory.</summary>
    public static async Task RunAsync(HttpMessageInvoker http, string address, MalformedTarget target, int count, ITestOutputHelper output)
    {
        var wrong = new ConcurrentQueue<string>();
        var kinds = new ConcurrentDictionary<string, int>();

        // The first part warms caches and pools; what a request leaves behind shows in the rest.
        int warm = count / 5;
        await SendAsync(0, warm);
        long before = Settled();
        await SendAsync(warm, count);
        long growth = Settled() - before;

        output.WriteLine($"seed {Seed}: {count} requests to {target.Path}, managed memory grew by {growth / 1024} KiB after the first {warm}");
        output.WriteLine(string.Join(", ", kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}")));
        Assert.Empty(wrong.Take(10));
        Assert.Equal(count, kinds.Values.Sum());
        Assert.True(growth < LargestGrowth, $"{growth} bytes stayed after {count - warm} requests");

        Task SendAsync(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            MalformedRequest request = MalformedRequest.Draw(new Random(Seed + i), target);
            kinds.AddOrUpdate(request.Kind, 1, (_, n) => n + 1);
            string answer = await AnswerAsync(http, address, request, stop);
            if (answer != request.Expected)
            {
                wrong.Enqueue($"request {i}, {request.Kind}: {answer} instead of {request.Expected}");
            }
        });
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<string> AnswerAsync(HttpMessageInvoker http, string address, MalformedRequest malformed, CancellationToken stop)
    {
        using HttpRequestMessage request = malformed.Build(address);
        using HttpResponseMessage response = await http.SendAsync(request, stop);
        await response.Content.ReadAsByteArrayAsync(stop);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
        }

        string[] codes = [.. new[] { response.Headers, response.TrailingHeaders }
            .SelectMany(headers => headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values : [])];
        return codes.Length == 1 ? $"grpc {codes[0]}" : $"{codes.Length} codes";
    }
}
