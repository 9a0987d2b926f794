using System.Text.Json.Nodes;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Reports;

namespace AnalogHil.Daemon.Tests.Reports;

public sealed class RecordJsonTests
{
    [Theory]
    [InlineData("", "verdict bench calibration plan energy validation twin provenance")]
    [InlineData("bench", "name architecture")]
    [InlineData("calibration", "sigmas averaging reads")]
    [InlineData("calibration.sigmas.0", "name value unit low high n")]
    [InlineData("calibration.averaging.0", "k variance low high")]
    [InlineData("plan.layers.0", "name n macs k noise_bits")]
    [InlineData("energy", "uniform learned ratio unit")]
    [InlineData("validation", "m acc_clean acc_noisy drop low high")]
    [InlineData("twin.0", "layer variance_ratio low high")]
    [InlineData("provenance", "seed model_sha256 bench_sha256 commit started finished")]
    public void Serialize_CompleteRecord_HasTheAgreedNames(string path, string names)
    {
        JsonNode node = At(JsonNode.Parse(RecordJson.Serialize(SampleRecord.Complete()))!, path.Split('.', StringSplitOptions.RemoveEmptyEntries));
        foreach (string name in names.Split(' '))
        {
            Assert.True(node.AsObject().TryGetPropertyValue(name, out JsonNode? value) && value is not null, $"{path} has no {name}");
        }
    }

    [Fact]
    public void Serialize_EveryName_IsLowerCaseWithUnderscores()
    {
        Check(JsonNode.Parse(RecordJson.Serialize(SampleRecord.Complete())));

        static void Check(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach ((string name, JsonNode? value) in members)
                {
                    Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", name);
                    Check(value);
                }
            }
            else if (node is JsonArray items)
            {
                foreach (JsonNode? item in items)
                {
                    Check(item);
                }
            }
        }
    }

    [Fact]
    public void Deserialize_WhatWasWritten_GivesTheSameTextAgain()
    {
        string json = RecordJson.Serialize(SampleRecord.Complete());

        Assert.Equal(json, RecordJson.Serialize(RecordJson.Deserialize(json)));
    }

    [Theory]
    [InlineData("warnings")]
    [InlineData("assumptions")]
    [InlineData("search")]
    [InlineData("twin")]
    [InlineData("model.activation_products.nodes")]
    [InlineData("calibration.averaging")]
    [InlineData("calibration.history")]
    [InlineData("calibration.averaging_unit", "\"dot-product units squared\"")]
    [InlineData("calibration.level", "0.95")]
    [InlineData("plan.variants")]
    [InlineData("plan.layers.0.k_per_channel")]
    [InlineData("declared_cost.parts")]
    [InlineData("validation.unit", "\"percent of examples\"")]
    [InlineData("provenance.phases")]
    [InlineData("provenance.raw_files")]
    public void Deserialize_MemberThatMayBeLeftOut_HasItsUsualValueAndCanBeShownAndWrittenAgain(string path, string usual = "[]")
    {
        CampaignRecord record = SampleRecord.Complete();
        record = record with
        {
            // Partial: a complete record without a twin check is refused.
            Status = RecordStatus.Partial, Verdict = null,
            Model = record.Model! with { ActivationProducts = new ProductsRecord("digital", "beside it", 7, ["matmul"]) },
        };
        JsonNode old = JsonNode.Parse(RecordJson.Serialize(record))!;
        string[] steps = path.Split('.');
        Assert.True(At(old, steps[..^1]).AsObject().Remove(steps[^1]));

        CampaignRecord read = RecordJson.Deserialize(old.ToJsonString());

        Assert.Contains("<html", HtmlReport.Render(read), StringComparison.Ordinal);
        Assert.Equal(usual, At(JsonNode.Parse(RecordJson.Serialize(read))!, steps).ToJsonString());
    }

    [Fact]
    public void Deserialize_WrittenBeforeSeveralVariantsWereTried_CanBeShownAndWrittenAgain()
    {
        JsonNode old = JsonNode.Parse(RecordJson.Serialize(SampleRecord.Complete()))!;
        Assert.True(old["plan"]!.AsObject().Remove("variants"));
        old["energy"]!.AsObject().Remove("uniform_tried");
        CampaignRecord read = RecordJson.Deserialize(old.ToJsonString());

        Assert.Empty(read.Plan!.Variants);
        Assert.DoesNotContain("Variants of the network", HtmlReport.Render(read), StringComparison.Ordinal);
        Assert.Equal(RecordJson.Serialize(SampleRecord.Complete()), RecordJson.Serialize(read));
    }

    [Theory]
    [InlineData(Verdict.Accept, "ACCEPT")]
    [InlineData(Verdict.Reject, "REJECT")]
    [InlineData(Verdict.Inconclusive, "INCONCLUSIVE")]
    public void Serialize_Verdict_IsInCapitals(Verdict verdict, string text)
    {
        string json = RecordJson.Serialize(SampleRecord.Complete() with { Verdict = verdict });

        Assert.Equal(text, (string?)JsonNode.Parse(json)!["verdict"]);
        Assert.Equal(verdict, RecordJson.Deserialize(json).Verdict);
    }

    [Fact]
    public void Serialize_PartialRecord_SaysSoWithItsPhaseAndNoVerdict()
    {
        JsonNode node = JsonNode.Parse(RecordJson.Serialize(SampleRecord.Partial()))!;

        Assert.Equal("partial", (string?)node["status"]);
        Assert.Equal("calibrate", (string?)node["phase"]);
        Assert.Null(node["verdict"]);
        Assert.Null(node["validation"]);
    }

    [Fact]
    public void Serialize_FiguresThatAreNotFinite_AreNull()
    {
        CampaignRecord record = SampleRecord.Complete();
        record = record with
        {
            Plan = record.Plan! with { Layers = [new PlanLayerRecord("fc", 64, 640, 1, double.PositiveInfinity)] },
        };

        string json = RecordJson.Serialize(record);
        Assert.Null(JsonNode.Parse(json)!["plan"]!["layers"]![0]!["noise_bits"]);
        Assert.True(double.IsNaN(RecordJson.Deserialize(json).Plan!.Layers[0].NoiseBits));
    }

    [Fact]
    public void Serialize_QuotesAndUnits_StayReadable()
    {
        string json = RecordJson.Serialize(SampleRecord.Partial() with { Reason = "layer 'fc' at 5 \u00b5W <limit>" });

        Assert.Contains("layer 'fc' at 5 \u00b5W <limit>", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_LargestSeed_KeepsEveryDigit()
    {
        Assert.Equal(ulong.MaxValue, RecordJson.Deserialize(RecordJson.Serialize(SampleRecord.Partial())).Provenance.Seed);
    }

    [Theory]
    [InlineData("verdict")]
    [InlineData("calibration")]
    [InlineData("plan")]
    [InlineData("twin")]
    [InlineData("validation")]
    public void Deserialize_CompleteRecordLacksWhatTheVerdictRestsOn_IsRefused(string section)
    {
        JsonNode node = JsonNode.Parse(RecordJson.Serialize(SampleRecord.Complete()))!;
        node.AsObject()[section] = section == "twin" ? new JsonArray() : null;

        string message = Assert.Throws<RecordFormatException>(() => RecordJson.Deserialize(node.ToJsonString())).Message;

        Assert.Contains($"has no {section}:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_PartialRecordWithAVerdict_IsRefused()
    {
        string json = RecordJson.Serialize(SampleRecord.Partial() with { Verdict = Verdict.Accept });

        Assert.Contains("partial", Assert.Throws<RecordFormatException>(() => RecordJson.Deserialize(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"status\":\"complete\",\"phase\":\"record\",\"schema\":\"analoghil.report/99\",\"provenance\":{\"seed\":1,\"commit\":\"c\",\"started\":\"2026-01-01T00:00:00Z\"}}")]
    public void Deserialize_SomethingElse_IsRefusedWithAReason(string json)
    {
        Assert.True(Assert.Throws<RecordFormatException>(() => RecordJson.Deserialize(json)).Message.Length > 30);
    }

    private static JsonNode At(JsonNode node, string[] path) =>
        path.Aggregate(node, (at, part) => char.IsAsciiDigit(part[0]) ? at[part[0] - '0']! : at[part]!);
}
