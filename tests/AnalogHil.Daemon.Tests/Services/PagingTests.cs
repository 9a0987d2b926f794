using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Services;

namespace AnalogHil.Daemon.Tests.Services;

public sealed class PagingTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 120).Select(i => $"{i:000}")];

    [Fact]
    public void Of_PageByPage_GivesEveryItemOnce()
    {
        var seen = new List<string>();
        string token = "";
        int pages = 0;
        do
        {
            (IEnumerable<string> items, string next) = Paging.Of(Names, name => name, 0, token);
            seen.AddRange(items);
            token = next;
            pages++;
        }
        while (token.Length > 0);

        Assert.Equal(Names, seen);
        Assert.Equal(3, pages);
    }

    [Fact]
    public void Of_ItemAddedBeforeThePage_ShiftsNothing()
    {
        (_, string next) = Paging.Of(Names, name => name, 2, "");

        (IEnumerable<string> items, _) = Paging.Of(["0000", .. Names], name => name, 2, next);

        Assert.Equal(["002", "003"], items);
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(201, "", "page_size")]
    [InlineData(1, "no base64", "page_token")]
    [InlineData(1, "Z29uZQ==", "page_token")]
    public void Of_BadSizeOrToken_NamesTheField(int size, string token, string field)
    {
        CampaignException refused = Assert.Throws<CampaignException>(() => Paging.Of(Names, name => name, size, token));

        Assert.Equal(field, Assert.Single(refused.Fields).Path);
    }
}
