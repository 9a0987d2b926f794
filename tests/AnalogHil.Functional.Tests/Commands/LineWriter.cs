using System.Text;
using System.Threading.Channels;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>Output that a test reads line by line while the command runs.</summary>
internal sealed class LineWriter : TextWriter
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _lines.Reader.ReadAsync(limit.Token);
    }
}
