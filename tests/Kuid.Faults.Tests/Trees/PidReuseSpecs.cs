using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Kuid.Faults.Tests.Trees;

/// <summary>Row 55: the number of a job's process is given to another one.</summary>
public sealed class PidReuseSpecs
{
    [Fact]
    public async Task Row_55_a_cancel_and_a_signal_after_the_end_do_not_touch_the_process_that_has_the_number_now()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a pid namespace and ns_last_pid need root");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        using HttpClient client = HttpDaemon.ClientOf(daemon.Folder["data/http.sock"]);
        JsonElement job = await client.SubmitToEnd("echo $$");
        long pid = long.Parse(await client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout"), CultureInfo.InvariantCulture);

        string answer = (await daemon.Run(string.Create(CultureInfo.InvariantCulture, $$"""
            for i in $(seq 200); do
              echo {{pid - 1}} > /proc/sys/kernel/ns_last_pid || exit 2
              sleep 1007 > /dev/null 2>&1 &
              [ $! = {{pid}} ] && echo same && exit
              kill $!
            done
            """))).Text;
        Assert.SkipUnless(answer == "same\n", $"the number was not to be had again: {answer}");

        (await client.PostAsync($"/v1/jobs/{job.Long("id")}/cancel", content: null)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await client.PostAsync($"/v1/jobs/{job.Long("id")}/signal", Requests.Json("""{"signal":"KILL"}"""))).StatusCode
            .Should().Be(HttpStatusCode.Conflict);

        (await daemon.Run(string.Create(CultureInfo.InvariantCulture, $"kill -0 {pid} && tr '\\0' ' ' < /proc/{pid}/cmdline"))).Text
            .Should().Be("sleep 1007 ");
    }
}
