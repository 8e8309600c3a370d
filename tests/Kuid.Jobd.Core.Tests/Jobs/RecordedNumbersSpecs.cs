using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>These numbers go to disk. A new name is appended here and there; an old one never changes.</summary>
public sealed class RecordedNumbersSpecs
{
    [Fact]
    public void Job_states_keep_their_numbers() => Numbers<JobState>().Should().Equal(
        "1 Scheduled", "2 Queued", "3 Running", "4 Canceling", "5 Succeeded", "6 Failed", "7 Canceled", "8 Lost");

    [Fact]
    public void Job_reasons_keep_their_numbers() => Numbers<JobReason>().Should().Equal(
        "1 Exit", "2 Signal", "3 Timeout", "4 Spawn", "5 OutputLimit", "6 Dependency", "7 Canceled", "8 Shutdown", "9 Lost",
        "10 Unreachable", "11 Evaluation", "12 Stdin", "13 Time", "14 Retry", "15 Expired", "16 Delivered", "17 Rejected");

    [Fact]
    public void Policies_keep_their_numbers()
    {
        Numbers<AfterMode>().Should().Equal("1 Success", "2 End");
        Numbers<KeyPolicy>().Should().Equal("1 Queue", "2 Skip", "3 Replace");
        Numbers<DisconnectPolicy>().Should().Equal("1 Continue", "2 Cancel");
    }

    [Fact]
    public void Job_origins_keep_their_numbers() => Numbers<JobOrigin>().Should().Equal(
        "1 Sockproc", "2 Http", "3 Coprocess", "4 Service", "5 Schedule", "6 Callback");

    [Fact]
    public void Spawn_steps_keep_their_numbers() => Numbers<SpawnStep>().Should().Equal(
        "0 Pipe", "1 Clone", "2 Session", "3 Signals", "4 Stdio", "5 CloseRange", "6 Nofile", "7 Chdir", "8 Exec",
        "9 ParentDeath", "10 LimitCpu", "11 LimitAs", "12 LimitFsize", "13 LimitNofile", "14 LimitNproc", "15 LimitCore",
        "16 Terminal", "20 Cgroup", "21 Orphans", "22 Oom", "23 Scheduling", "25 Bounding", "26 Groups", "27 GroupId", "28 UserId", "29 Capabilities",
        "30 NoNewPrivs", "31 Umask", "32 Sandbox", "33 Unshare", "34 UserMap", "35 Detach", "36 Writable", "37 ReadOnly", "38 Temporary", "39 Hide",
        "40 Loopback", "41 Fork", "42 Proc", "50 Keeper");

    [Fact]
    public void Isolation_profiles_keep_their_numbers() => Numbers<IsolationProfile>().Should().Equal("1 None", "2 Basic", "3 User", "4 Strict");

    [Fact]
    public void Records_of_keepers_keep_their_numbers() => Numbers<KeeperRecordType>().Should().Equal(
        "1 Started", "2 Stdout", "3 Stderr", "4 Exited", "5 Full", "6 End");

    private static string[] Numbers<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => $"{value:D} {value}")];
}
