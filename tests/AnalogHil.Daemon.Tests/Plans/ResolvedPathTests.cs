using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Tests.Fakes;

namespace AnalogHil.Daemon.Tests.Plans;

public sealed class ResolvedPathTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ResolvedPathTests() => Directory.CreateDirectory(_directory["real/images"]);

    [Theory]
    [InlineData("real/images/")]
    [InlineData("real/../real/./images")]
    [InlineData("link/images")]
    [InlineData("link/images/")]
    [InlineData("deep/there")]
    [InlineData("deep/there/")]
    public void Of_OtherNamesOfAPlace_AreOne(string name)
    {
        // A link above the place, and a relative one to it that passes through another link.
        Directory.CreateSymbolicLink(_directory["link"], _directory["real"]);
        Directory.CreateDirectory(_directory["elsewhere"]);
        Directory.CreateSymbolicLink(_directory["deep"], "elsewhere");
        Directory.CreateSymbolicLink(_directory["elsewhere/there"], "../link/images");

        Assert.Equal(ResolvedPath.Of(_directory["real/images"]), ResolvedPath.Of(_directory[name]));
    }

    [Fact]
    public void Of_PlacesThatAreTwo_DifferAndMissingOnesKeepTheirName()
    {
        Directory.CreateDirectory(_directory["real/others"]);

        Assert.NotEqual(ResolvedPath.Of(_directory["real/images"]), ResolvedPath.Of(_directory["real/others"]));
        Assert.Equal(ResolvedPath.Of(_directory["real/none"]), ResolvedPath.Of(_directory["real/none/"]));
        Assert.EndsWith("none", ResolvedPath.Of(_directory["real/none/"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LinksInACircle_Ends()
    {
        Directory.CreateSymbolicLink(_directory["one"], _directory["other"]);
        Directory.CreateSymbolicLink(_directory["other"], _directory["one"]);

        Assert.True(Path.IsPathFullyQualified(ResolvedPath.Of(_directory["one"])));
    }

    public void Dispose() => _directory.Dispose();
}
