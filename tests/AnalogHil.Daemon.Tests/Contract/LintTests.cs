using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>The rules STANDARD of buf (npm @bufbuild/buf) over protos/, as protos/buf.yaml says.</summary>
public sealed class LintTests(ITestOutputHelper output)
{
    [BufFact]
    public async Task Protos_UnderBufLint_AreClean()
    {
        if (Buf.Missing is { } why)
        {
            output.WriteLine($"NOT LINTED: {why}");
            return;
        }

        (int version, string name) = await Buf.RunAsync(Path.GetTempPath(), "--version");
        Assert.True(version == 0, name);
        (int code, string said) = await Buf.RunAsync(Path.Combine(CommittedContract.Root(), "protos"), "lint");
        Assert.True(code == 0, said);
        output.WriteLine($"buf {name.Trim()} lint: clean");

        // The same rules on a file that breaks them: a lint that finds nothing anywhere shows nothing.
        DirectoryInfo wrong = Directory.CreateTempSubdirectory("analoghil-lint-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(wrong.FullName, "wrong.proto"), "syntax = \"proto3\"; package wrong; message lower { string Upper = 1; }");
            File.Copy(Path.Combine(CommittedContract.Root(), "protos", "buf.yaml"), Path.Combine(wrong.FullName, "buf.yaml"));
            (int refused, string found) = await Buf.RunAsync(wrong.FullName, "lint");
            Assert.NotEqual(0, refused);
            Assert.Contains("lower_snake_case", found, StringComparison.Ordinal);
        }
        finally
        {
            wrong.Delete(recursive: true);
        }
    }
}
