/** The files of a report: what was measured, and a page to look at. */
export const reportFiles = ['report.json', 'report.html'] as const;
