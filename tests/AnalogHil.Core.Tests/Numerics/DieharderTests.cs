using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>
/// The generator's words under dieharder, with the counter running and with keys running: the second is how a network uses it.
/// </summary>
/// <remarks>
/// Rule: nothing may be FAILED, and what is WEAK is run again on fresh words with four times the samples, twice at most; WEAK three times in a row fails.
/// Seeds are fixed, so an outcome stays what it is. With seeds drawn afresh a report would raise a false alarm with probability 2E-6 (FAILED at once) + 1E-6
/// (WEAK three times, 1 % each), to the accuracy of dieharder's own p-values: about 2E-4 for an order with 60 reports, 1E-3 for the class.
/// </remarks>
public sealed class DieharderTests(ITestOutputHelper output)
{
    private const int Attempts = 3;

    // "Good" in dieharder's own list, and each done within seconds.
    private static readonly string[] Quick =
    [
        "-d 0", "-d 3", "-d 4", "-d 8", "-d 9", "-d 12", "-d 15", "-d 100", "-d 102", "-d 202 -n 4", "-d 203 -n 0", "-d 204", "-d 205", "-d 206", "-d 207", "-d 208", "-d 209",
    ];

    private static readonly string[] Slow = ["-d 1", "-d 2", "-d 10", "-d 11", "-d 13", "-d 16", "-d 101", "-d 200 -n 4", "-d 200 -n 8", "-d 201 -n 3"];

    [Fact]
    public void Fill_EveryOrder_GivesTheWordsOfTheReference()
    {
        foreach (WordOrder order in WordOrder.All)
        {
            uint[] words = new uint[4000];
            order.Fill(seed: 9, first: 50, words);
            for (int i = 0; i < words.Length; i += 4)
            {
                (ulong key, ulong block) = order.At(9, 50 + (ulong)i / 4);
                Assert.Equal(PhiloxReference.Block([(uint)block, (uint)(block >> 32), 0, 0], (uint)key, (uint)(key >> 32)), words[i..(i + 4)]);
            }

            Assert.Equal(words.Length, words.Distinct().Count(), 1.0);
        }
    }

    // Bits of all words of every order: each of the 32 set in half of them, and equal to the word before in half of them.
    [Fact]
    public void Fill_EveryOrder_SetsEveryBitInHalfOfTheWords()
    {
        const int Words = 1 << 20;
        const double Limit = 5.5; // two-sided 4E-8, 384 checks: 1.5E-5
        foreach (WordOrder order in WordOrder.All)
        {
            uint[] words = new uint[Words];
            order.Fill(seed: 10, first: 0, words);
            int[] set = new int[64];
            for (int i = 0; i < Words; i++)
            {
                for (int bit = 0; bit < 32; bit++)
                {
                    set[bit] += (int)(words[i] >> bit & 1);
                    set[32 + bit] += (int)((words[i] ^ words[(i + Words - 4) % Words]) >> bit & 1);
                }
            }

            double largest = 0;
            foreach (int count in set)
            {
                largest = Math.Max(largest, Math.Abs(count - Words / 2.0) / Math.Sqrt(Words / 4.0));
            }

            output.WriteLine($"seed 10, {order.Name}: largest |z| of 64 = {largest:F2}");
            Assert.InRange(largest, 0, Limit);
        }
    }

    [DieharderTheory]
    [Trait("Category", "Long")]
    [InlineData("counters", 11UL, true)]
    [InlineData("layers", 12UL, false)]
    [InlineData("samples", 13UL, false)]
    [InlineData("images", 14UL, false)]
    [InlineData("neighbouring keys", 15UL, false)]
    public void Words_EveryOrder_PassDieharder(string order, ulong seed, bool everything)
    {
        WordOrder words = WordOrder.Find(order);
        string[] tests = everything ? [.. Slow, .. Quick] : Quick;
        var lines = new List<string>();
        var failures = new List<string>();
        Parallel.For(0, tests.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, test =>
        {
            (string[] told, string[] failed) = Judge(words, tests[test], 1000 * seed + 10 * (ulong)test);
            lock (lines)
            {
                lines.AddRange(told);
                failures.AddRange(failed);
            }
        });

        output.WriteLine($"{order}: {lines.Count} reports");
        lines.Order(StringComparer.Ordinal).ToList().ForEach(output.WriteLine);
        Assert.Empty(failures);
    }

    private static (string[] Lines, string[] Failures) Judge(WordOrder order, string test, ulong seed)
    {
        var lines = new List<string>();
        HashSet<(string, int, int)> weak = [];
        int? samples = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            ulong next = 0;
            ulong own = seed + (ulong)attempt;
            IReadOnlyList<DieharderReport> reports = Dieharder.Run(test, samples, words =>
            {
                order.Fill(own, next, words);
                next += (ulong)words.Length / 4;
            });
            lines.AddRange(reports.Select(report => $"seed {own}, {test}: {report}"));
            if (reports.Any(report => report.Assessment is not ("PASSED" or "WEAK")))
            {
                return ([.. lines], [.. lines]);
            }

            // Several reports of a test differ in their parameter or in their place.
            var now = reports.Select((report, i) => (report.Test, report.Tuple, i, report.Assessment)).Where(r => r.Assessment == "WEAK").Select(r => (r.Test, r.Tuple, r.i)).ToHashSet();
            weak = attempt == 0 ? now : [.. weak.Intersect(now)];
            if (weak.Count == 0)
            {
                return ([.. lines], []);
            }

            samples = 4 * reports[0].Samples;
        }

        return ([.. lines], [.. lines]);
    }
}
