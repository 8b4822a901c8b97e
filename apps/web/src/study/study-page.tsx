/** Journey two: a study on tables of features. */
export default function StudyPage() {
  return (
    <div className="page">
      <h1>A study</h1>
      <p>Comes with the next commits.</p>
    </div>
  );
}
