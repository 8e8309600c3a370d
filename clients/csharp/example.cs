// Runs a command as a job: its output as it comes, then once more from the history.
#:project .
#:property PublishAot=false
using Kuid.Client;

using var kuid = KuidClient.FromEnvironment();
Job job = await kuid.SubmitAsync(new JobSubmission { Kind = JobKind.Shell, Command = args[0] });

var followed = new MemoryStream();
await using Stream output = Console.OpenStandardOutput();
await foreach (ReadOnlyMemory<byte> piece in kuid.FollowAsync(job.Id))
{
    followed.Write(piece.Span);
    await output.WriteAsync(piece);
}

Job ended = await kuid.WaitAsync(job.Id);
var kept = new MemoryStream();
await foreach (ReadOnlyMemory<byte> piece in kuid.ReadAsync(job.Id))
    kept.Write(piece.Span);

bool same = kept.ToArray().AsSpan().SequenceEqual(followed.ToArray());
await Console.Error.WriteLineAsync($"{ended.State}, {kept.Length} bytes, again the same: {same}");
