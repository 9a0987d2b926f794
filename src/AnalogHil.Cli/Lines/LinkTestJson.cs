using AnalogHil.Cli.Models;
using AnalogHil.Devices.Serial.Diagnostics;

namespace AnalogHil.Cli.Lines;

/// <summary>A test of a line for programs.</summary>
internal static class LinkTestJson
{
    /// <summary>One object on one line; times in microseconds.</summary>
    public static string Of(LinkTestReport report) => JsonLine.Write(json =>
    {
        json.WriteString("port", report.Port);
        json.WriteString("device", report.Uid);
        json.WriteString("firmware", report.Firmware);
        json.WriteNumber("baud", report.Baud);
        if (report.ChaosSeed is { } seed)
        {
            json.WriteNumber("chaos_seed", seed);
            json.WriteNumber("faults_injected", report.Injected);
            json.WriteNumber("reboots", report.Reboots);
            json.WriteNumber("commands_interrupted", report.Interrupted);
        }

        json.WriteNumber("commands", report.Commands);
        json.WriteNumber("lost", report.Lost);
        json.WriteNumber("wrong", report.Wrong);
        json.WriteNumber("bits_compared", report.Bits);
        json.WriteNumber("bits_wrong", report.WrongBits);
        json.WriteNumber("frames", report.Frames);
        json.WriteNumber("frames_damaged", report.Damaged);
        json.WriteNumber("frames_damaged_share_low", report.DamagedShare.Low);
        json.WriteNumber("frames_damaged_share_high", report.DamagedShare.High);
        json.WriteNumber("retransmits", report.Retransmits);
        json.WriteNumber("payload_bytes_per_second", report.BytesPerSecond);
        json.WriteNumber("share_of_line", report.ShareOfLine);
        json.WriteNumber("upload_bytes_per_second", report.UploadBytesPerSecond);
        json.WriteNumber("upload_share_of_line", report.ShareOf(report.UploadBytesPerSecond));
        json.WriteNumber("read_bytes_per_second", report.ReadBytesPerSecond);
        json.WriteNumber("read_share_of_line", report.ShareOf(report.ReadBytesPerSecond));
        json.WriteNumber("round_trips", report.RoundTrips.Count);
        json.WriteNumber("round_trip_p50_us", report.RoundTrip(0.5));
        json.WriteNumber("round_trip_p99_us", report.RoundTrip(0.99));
        json.WriteNumber("round_trip_on_wire_us", report.RoundTripOnWire);
        json.WriteNumber("round_trip_limit_us", report.RoundTripLimit);
        json.WriteBoolean("passed", report.Passed);
    });
}
